package io.keelson.reference.pages;

import io.keelson.conformance.surface.Message;
import io.keelson.model.ErrorFacts;
import io.keelson.model.MessageFacts.ParamFacts;
import io.keelson.model.Model;
import io.keelson.reference.document.Block;
import io.keelson.reference.document.Inline;
import io.keelson.reference.document.Target;
import io.keelson.reference.examples.Examples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A message: signature, parameters, result, role, errors and examples. */
final class MessageParts {
  private final Map<String, ErrorFacts> errors;
  private final ExampleParts examples;
  private final Prose prose;

  MessageParts(Model model, Examples examples, Prose prose) {
    this.prose = prose;
    this.errors =
        model.errors().stream()
            .collect(Collectors.toMap(ErrorFacts::wireText, Function.identity()));
    this.examples = new ExampleParts(examples);
  }

  List<Block> of(Described described) {
    Message message = described.message();
    List<Block> blocks = new ArrayList<>();
    List<Inline> badges = new ArrayList<>();
    described.status().ifPresent(status -> badges.add(new Inline.Badge(status)));
    blocks.add(new Block.Heading(3, Links.anchor(message), message.wireName(), true, badges));
    blocks.add(signature(message));
    blocks.add(new Block.Paragraph(prose.of(described.summary())));
    if (!described.params().isEmpty()) {
      blocks.add(parameters(described));
    }
    if (!described.creates().isEmpty()) {
      blocks.add(new Block.Paragraph(creates(described)));
    }
    blocks.add(new Block.Facts(facts(described)));
    if (!message.errors().isEmpty()) {
      blocks.add(errors(message));
    }
    blocks.addAll(examples.of(message.wireName()));
    return blocks;
  }

  static Block signature(Message message) {
    List<List<Inline>> given = new ArrayList<>();
    if (message.session()) {
      given.add(Lines.joined(List.of(Links.type("session ref"), Lines.text("session_id")), " "));
    }
    message
        .parameters()
        .forEach(
            p -> given.add(Lines.joined(List.of(Links.type(p.type()), Lines.text(p.name())), " ")));
    List<Inline> line = new ArrayList<>(Links.type(message.result()));
    line.add(Inline.text(" " + message.wireName() + "("));
    line.addAll(Lines.joined(given, ", "));
    line.add(Inline.text(")"));
    return new Block.Signature(line);
  }

  private Block parameters(Described described) {
    return new Block.Table(
        "Parameters of " + described.message().wireName(),
        List.of("Parameter", "Type", "Meaning"),
        described.params().stream().map(this::parameter).toList());
  }

  private Block.Row parameter(ParamFacts p) {
    List<Inline> meaning = new ArrayList<>(prose.of(p.summary()));
    p.fallback()
        .ifPresent(text ->
            meaning.add(
                new Inline.Aside(
                    Lines.line(Inline.text(" Left out: "), Inline.code(text), Inline.text(".")))));
    return Lines.row("", Lines.code(p.name()), Links.type(p.type()), meaning);
  }

  private static List<Inline> creates(Described described) {
    String apiClass = described.message().apiClass();
    List<Inline> line = new ArrayList<>(Lines.text("Fields that are read: "));
    line.addAll(
        Lines.joined(
            described.creates().stream()
                .map(f -> Lines.line(Inline.codeLink(Links.field(apiClass, f), f)))
                .toList(),
            ", "));
    line.add(Inline.text("."));
    return line;
  }

  private static List<Block.Fact> facts(Described described) {
    Message message = described.message();
    List<Block.Fact> facts = new ArrayList<>();
    facts.add(new Block.Fact("Result", Links.type(message.result())));
    facts.add(new Block.Fact("Least role", Lines.line(Links.role(described.role()))));
    if (message.session() && message.async()) {
      facts.add(
          new Block.Fact(
              "Asynchronous",
              Lines.line(
                  new Inline.Link(
                      new Target(Links.CALLING, "asynchronous"),
                      List.of(Inline.code("Async." + message.wireName()))))));
    }
    if (!message.session()) {
      facts.add(new Block.Fact("Session", Lines.text("none is needed")));
    }
    String times = Links.times(described.lifecycle());
    if (!times.isEmpty()) {
      facts.add(new Block.Fact("Releases", Lines.text(times)));
    }
    return facts;
  }

  private Block errors(Message message) {
    return new Block.Table(
        "Errors of " + message.wireName(),
        List.of("Error", "When"),
        message.errors().stream()
            .map(code ->
                Lines.row(
                    "",
                    Lines.line(Links.error(code)),
                    prose.of(Optional.ofNullable(errors.get(code)).orElseThrow().summary())))
            .toList());
  }
}
