package io.keelson.reference.pages;

import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.ClassFacts;
import io.keelson.model.FieldFacts;
import io.keelson.reference.document.Block;
import io.keelson.reference.document.Inline;
import io.keelson.reference.document.Target;
import io.keelson.reference.examples.Examples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The messages that follow from what a class is: they find objects, and read and write fields. */
final class Accessors {
  private final ClassFacts facts;
  private final List<Message> all;
  private final ExampleParts parts;
  private final Examples examples;

  Accessors(ClassFacts facts, Surface surface, Examples examples) {
    this.facts = facts;
    this.all = surface.implicit(facts.name());
    this.examples = examples;
    this.parts = new ExampleParts(examples);
  }

  List<Block> blocks() {
    if (all.isEmpty()) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(Block.Heading.of(2, "accessors", "Accessors"));
    blocks.add(
        Block.Paragraph.of(
            Inline.text(
                "Messages that follow from the fields of the class. Their errors are those of "),
            new Inline.Link(new Target(Links.ERRORS, "any"), Lines.text("any call")),
            Inline.text(".")));
    List<Message> finders = all.stream().filter(m -> m.kind().equals(m.name())).toList();
    blocks.add(
        new Block.Table(
            "Finding objects",
            List.of("Message", "Call", "What it does", "Least role"),
            finders.stream().map(this::finder).toList()));
    List<Block.Row> rows =
        facts.fields().stream()
            .filter(f -> !f.internal())
            .map(this::field)
            .flatMap(Optional::stream)
            .toList();
    if (!rows.isEmpty()) {
      blocks.add(
          new Block.Table(
              "Reading and writing fields",
              List.of("Field", "Read", "Write", "Least role to write"),
              rows));
    }
    blocks.addAll(shown());
    return blocks;
  }

  private Block.Row finder(Message message) {
    List<Inline> call = new ArrayList<>(Links.type(message.result()));
    call.add(Inline.text(" (session_id"));
    message
        .parameters()
        .forEach(p -> {
          call.add(Inline.text(", "));
          call.addAll(Links.type(p.type()));
          call.add(Inline.text(" " + p.name()));
        });
    call.add(Inline.text(")"));
    return Lines.row(
        Links.anchor(message),
        Lines.code(message.name()),
        call,
        Lines.text(Accessor.of(message).meaning()),
        Lines.line(Links.role(role(message))));
  }

  private Optional<Block.Row> field(FieldFacts field) {
    List<Message> its = all.stream().filter(m -> Accessor.of(m).reaches(field.name())).toList();
    if (its.isEmpty()) {
      return Optional.empty(); // messages of their own do it
    }
    List<Message> reads = its.stream().filter(m -> m.kind().equals("get_")).toList();
    List<Message> writes = its.stream().filter(m -> !m.kind().equals("get_")).toList();
    return Optional.of(
        Lines.row(
            Links.anchor(its.getFirst()),
            Lines.line(Inline.codeLink(Links.field(facts.name(), field.name()), field.name())),
            names(reads),
            names(writes),
            writes.isEmpty() ? List.of() : Lines.line(Links.role(role(writes.getFirst())))));
  }

  private static List<Inline> names(List<Message> messages) {
    return Lines.joined(messages.stream().map(m -> Lines.code(m.name())).toList(), ", ");
  }

  private static String role(Message message) {
    return message.least().map(least -> least.text()).orElse("undefined");
  }

  /** How each kind is called, and one call of it. */
  private List<Block> shown() {
    Map<String, Message> kinds = new LinkedHashMap<>();
    for (Message message : all) {
      boolean recorded = examples.of(message.wireName()).isPresent();
      kinds.merge(message.kind(), message, (old, one) -> recorded ? one : old);
    }
    List<Block> blocks = new ArrayList<>();
    for (Message message : kinds.values()) {
      List<Block> inside = new ArrayList<>();
      inside.add(MessageParts.signature(message));
      inside.add(Block.Paragraph.of(Inline.text(Accessor.of(message).meaning())));
      inside.addAll(parts.of(message.wireName()));
      blocks.add(new Block.Folded("How " + message.name() + " is called", inside));
    }
    return blocks;
  }
}
