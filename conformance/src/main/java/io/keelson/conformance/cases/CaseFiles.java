package io.keelson.conformance.cases;

import io.keelson.conformance.rpc.Format;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads what is beside this class: cases, fixtures, and reasons why something is not measured. */
final class CaseFiles {
  private static final YAMLMapper YAML = new YAMLMapper();

  private CaseFiles() {}

  static List<Case> cases() {
    List<Case> all = new ArrayList<>();
    for (JsonNode name : read("index")) {
      for (JsonNode one : read(name.asString())) {
        all.add(
            new Case(
                one.path("case").asString(),
                formats(one),
                one.path("contract").valueStream().map(JsonNode::asInt).toList(),
                one.path("roles").asBoolean(false),
                steps(one.path("steps"))));
      }
    }
    return List.copyOf(all);
  }

  private static List<Format> formats(JsonNode one) {
    String only = one.path("format").asString("");
    return Stream.of(Format.values()).filter(f -> only.isEmpty() || f.text().equals(only)).toList();
  }

  /** What variables stand for that no step sets: by name, the steps that make one. */
  static Map<String, List<Step>> fixtures() {
    Map<String, List<Step>> all = new LinkedHashMap<>();
    read("fixtures").properties().forEach(f -> all.put(f.getKey(), steps(f.getValue())));
    return all;
  }

  /** By reason, what no server of today's API is ever asked to answer. */
  static Map<String, List<String>> cannotArise() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    read("cannot-arise")
        .properties()
        .forEach(
            r -> all.put(r.getKey(), r.getValue().valueStream().map(JsonNode::asString).toList()));
    return all;
  }

  private static List<Step> steps(JsonNode yaml) {
    return yaml.valueStream().map(Step::new).toList();
  }

  private static JsonNode read(String name) {
    try (InputStream in = CaseFiles.class.getResourceAsStream(name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("no file of cases named " + name);
      }
      return YAML.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}
