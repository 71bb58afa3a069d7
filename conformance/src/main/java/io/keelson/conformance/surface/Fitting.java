package io.keelson.conformance.surface;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Arguments, by message and parameter, that a message needs to get as far as its objects. */
final class Fitting {
  static final JsonNode FOR = read();

  private Fitting() {}

  private static JsonNode read() {
    String name = "/io/keelson/conformance/cases/fitting.yaml";
    try (InputStream in = Fitting.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no file " + name);
      }
      return new YAMLMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}
