package io.keelson.conformance.recording;

import io.keelson.conformance.rpc.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A file a class, {@code CLASS.jsonl}: an example a line, as JSON. */
public final class ExampleFiles {
  private static final JsonMapper MAPPER = new JsonMapper();

  private ExampleFiles() {}

  /** Writes the examples, in place of what the folder has of their classes. */
  public static void write(List<Example> examples, Path folder) throws IOException {
    Map<String, List<String>> files = new TreeMap<>();
    for (Example example : examples) {
      files.computeIfAbsent(example.apiClass(), _ -> new ArrayList<>()).add(line(example));
    }
    Files.createDirectories(folder);
    for (Map.Entry<String, List<String>> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey() + ".jsonl"), file.getValue());
    }
  }

  private static String line(Example example) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("message", example.message()).put("success", example.success());
    example
        .pairs()
        .forEach((format, pair) -> {
          ObjectNode bodies = line.putObject(format.text());
          bodies.set("request", body(format, pair.request()));
          bodies.set("reply", body(format, pair.reply()));
        });
    return line.toString();
  }

  private static JsonNode body(Format format, String text) {
    return switch (format) {
      case JSON_RPC -> MAPPER.readTree(text);
      case XML_RPC -> JsonNodeFactory.instance.stringNode(text);
    };
  }

  /** The examples of such a file. */
  public static List<Example> read(Stream<String> lines) {
    return lines.map(line -> example(MAPPER.readTree(line))).toList();
  }

  private static Example example(JsonNode line) {
    Map<Format, Example.Pair> pairs = new EnumMap<>(Format.class);
    for (Format format : Format.values()) {
      JsonNode pair = line.path(format.text());
      if (pair.isObject()) {
        pairs.put(
            format,
            new Example.Pair(text(format, pair.path("request")), text(format, pair.path("reply"))));
      }
    }
    return new Example(
        line.path("message").asString(),
        line.path("success").asBoolean(),
        Collections.unmodifiableMap(pairs));
  }

  private static String text(Format format, JsonNode body) {
    return switch (format) {
      case JSON_RPC -> body.toString();
      case XML_RPC -> body.asString();
    };
  }
}
