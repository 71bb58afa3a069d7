package io.keelson.reference.pages;

import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.ClassFacts;
import io.keelson.model.MessageFacts;
import io.keelson.model.MessageFacts.ParamFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A message that does not follow from a field, with what is to be said of it.
 *
 * @param role the least that may call it
 * @param creates the fields that it reads, of a message that makes an object from a record
 */
record Described(
    Message message,
    String summary,
    List<ParamFacts> params,
    String role,
    Optional<String> status,
    Map<String, String> lifecycle,
    List<String> creates) {

  /** Those of a class, making and removing objects first. */
  static List<Described> of(ClassFacts facts, Surface surface) {
    List<Described> all = new ArrayList<>();
    facts
        .constructor()
        .ifPresent(constructor -> {
          all.add(
              made(
                  facts,
                  surface.message(facts.name() + ".create").orElseThrow(),
                  "Makes an object from the fields given, and answers with its reference.",
                  "Record with the fields to begin with; others have their defaults.",
                  constructor.fields()));
          if (constructor.destructor()) {
            all.add(
                made(
                    facts,
                    surface.message(facts.name() + ".destroy").orElseThrow(),
                    "Removes the object.",
                    "Object to remove.",
                    List.of()));
          }
        });
    facts.messages().forEach(m -> all.add(explicit(facts, m, surface)));
    return all;
  }

  private static Described made(
      ClassFacts facts, Message message, String summary, String parameter, List<String> creates) {
    Message.Parameter only = message.parameters().getFirst();
    String type = creates.isEmpty() ? facts.name() + " ref" : facts.name() + " record";
    return new Described(
        message,
        summary,
        List.of(new ParamFacts(only.name(), type, Optional.empty(), parameter)),
        facts.writer(),
        Optional.empty(),
        Map.of(),
        creates);
  }

  private static Described explicit(ClassFacts facts, MessageFacts m, Surface surface) {
    return new Described(
        surface.message(facts.name() + "." + m.name()).orElseThrow(),
        m.summary(),
        m.params(),
        m.role(),
        m.status(),
        m.lifecycle(),
        List.of());
  }
}
