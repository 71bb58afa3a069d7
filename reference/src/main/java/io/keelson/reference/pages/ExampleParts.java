package io.keelson.reference.pages;

import io.keelson.conformance.recording.Example;
import io.keelson.conformance.rpc.Format;
import io.keelson.reference.document.Block;
import io.keelson.reference.document.Inline;
import io.keelson.reference.examples.Examples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Calls that were really made, folded away until somebody wants to see them. */
final class ExampleParts {
  private final Examples examples;

  ExampleParts(Examples examples) {
    this.examples = examples;
  }

  /** Those of a message, or why there is none. */
  List<Block> of(String message) {
    Optional<Example> found = examples.of(message);
    if (found.isEmpty()) {
      return List.of(
          new Block.Paragraph(
              Lines.line(
                  new Inline.Aside(Lines.text("No example: the suite has no call of it.")))));
    }
    Example example = found.orElseThrow();
    List<Block> blocks = new ArrayList<>();
    for (Format format : Format.values()) {
      String title = (example.success() ? "Example, " : "Example of a refusal, ") + name(format);
      example
          .in(format)
          .ifPresent(pair -> blocks.add(new Block.Folded(title, shown(format, pair))));
    }
    if (example.pairs().size() == 1) {
      Format only = example.pairs().keySet().iterator().next();
      blocks.add(
          new Block.Paragraph(
              Lines.line(
                  new Inline.Aside(Lines.text("The suite calls it in " + name(only) + " only.")))));
    }
    return blocks;
  }

  static List<Block> shown(Format format, Example.Pair pair) {
    String language =
        switch (format) {
          case JSON_RPC -> "json";
          case XML_RPC -> "xml";
        };
    return List.of(
        new Block.Code("Request", language, Examples.printed(format, pair.request())),
        new Block.Code("Reply", language, Examples.printed(format, pair.reply())));
  }

  static String name(Format format) {
    return switch (format) {
      case JSON_RPC -> "JSON-RPC";
      case XML_RPC -> "XML-RPC";
    };
  }
}
