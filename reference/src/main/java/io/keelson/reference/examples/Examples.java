package io.keelson.reference.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.conformance.recording.Example;
import io.keelson.conformance.recording.ExampleFiles;
import io.keelson.conformance.rpc.Format;
import io.keelson.model.ClassFacts;
import io.keelson.model.Model;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The calls that a run of the conformance suite has recorded. */
public final class Examples {
  private final Map<String, Example> all = new LinkedHashMap<>();

  private Examples() {}

  /** Reads the examples of all classes. */
  public static Examples load(Model model) {
    Examples examples = new Examples();
    for (ClassFacts facts : model.classes()) {
      read(facts.name()).forEach(example -> examples.all.put(example.message(), example));
    }
    return examples;
  }

  private static List<Example> read(String apiClass) {
    String name = apiClass + ".jsonl";
    try (InputStream in = Examples.class.getResourceAsStream(name)) {
      return in == null
          ? List.of()
          : ExampleFiles.read(new BufferedReader(new InputStreamReader(in, UTF_8)).lines());
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  public List<Example> all() {
    return List.copyOf(all.values());
  }

  /** The example of a message. */
  public Optional<Example> of(String message) {
    return Optional.ofNullable(all.get(message));
  }

  /** The body of a request or reply, for readers. */
  public static String printed(Format format, String body) {
    return switch (format) {
      case JSON_RPC -> JsonPrint.of(body);
      case XML_RPC -> XmlPrint.of(body);
    };
  }
}
