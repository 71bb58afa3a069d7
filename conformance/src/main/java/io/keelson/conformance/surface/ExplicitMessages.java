package io.keelson.conformance.surface;

import io.keelson.conformance.surface.Message.Parameter;
import io.keelson.model.ClassFacts;
import io.keelson.model.MessageFacts;
import io.keelson.model.TypeExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The messages that the model spells out, and constructors with their destructors. */
final class ExplicitMessages {
  private static final TypeExpression VOID = new TypeExpression.Simple("void");

  private ExplicitMessages() {}

  static List<Message> of(ClassFacts facts, Map<String, String> wire) {
    List<Message> all = new ArrayList<>();
    facts.messages().forEach(m -> all.add(message(facts, m, wire)));
    facts
        .constructor()
        .ifPresent(constructor -> {
          TypeExpression ref = new TypeExpression.Reference(facts.name());
          TypeExpression record = new TypeExpression.RecordOf(facts.name());
          all.add(made(facts, "create", Parameter.of("args", record), ref));
          if (constructor.destructor()) {
            all.add(made(facts, "destroy", Parameter.of("self", ref), VOID));
          }
        });
    return all;
  }

  private static Message message(ClassFacts facts, MessageFacts message, Map<String, String> wire) {
    List<Parameter> parameters =
        message.params().stream()
            .map(p ->
                new Parameter(p.name(), TypeExpression.parse(p.type()), p.fallback().isPresent()))
            .toList();
    return new Message(
        facts.name(),
        message.name(),
        false,
        parameters,
        TypeExpression.parse(message.result()),
        Role.of(message.role()),
        message.errors().stream().map(e -> wire.getOrDefault(e, e)).toList(),
        message.session().orElse(true),
        message.async().orElse(true),
        message.status().equals(Optional.of("Removed")),
        message.returns().isPresent());
  }

  private static Message made(
      ClassFacts facts, String name, Parameter parameter, TypeExpression result) {
    return new Message(
        facts.name(),
        name,
        false,
        List.of(parameter),
        result,
        Role.of(facts.writer()),
        List.of(),
        true,
        true,
        false,
        false);
  }
}
