package io.keelson.testkit.suite;

import io.keelson.conformance.recording.Example;
import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.Format;
import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.FieldFacts;
import io.keelson.model.TypeExpression;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Whether the reference's examples have the form that a server answers with. */
final class ExampleForms {
  private static final String ELLIPSIS = "\u2026";

  private final Surface surface;

  ExampleForms(Surface surface) {
    this.surface = surface;
  }

  /** Where a kept example of a call that succeeded is not like the one of now. */
  List<String> differences(List<Example> kept, List<Example> now) {
    Map<String, Example> known =
        now.stream().collect(Collectors.toMap(Example::message, Function.identity()));
    List<String> all = new ArrayList<>();
    for (Example old : kept) {
      Optional<Example> seen =
          Optional.ofNullable(known.get(old.message())).filter(Example::success);
      if (!old.success() || seen.isEmpty()) {
        continue;
      }
      for (Format format : Format.values()) {
        if (old.pairs().containsKey(format)
            && seen.orElseThrow().pairs().containsKey(format)
            && !alike(old, seen.orElseThrow(), format)) {
          all.add(old.message() + " in " + format.text());
        }
      }
    }
    return all;
  }

  private boolean alike(Example old, Example now, Format format) {
    Optional<Message> message = surface.message(old.message()).filter(m -> !m.ownShape());
    return format.answer(old.in(format).orElseThrow().reply()) instanceof Answer.Success(JsonNode a)
        && format.answer(now.in(format).orElseThrow().reply()) instanceof Answer.Success(JsonNode b)
        && (message.isPresent() ? alike(message.orElseThrow().result(), a, b) : alike(a, b));
  }

  /** Values of a type: records have the same fields, and sets members of the same kind. */
  private boolean alike(TypeExpression type, JsonNode a, JsonNode b) {
    if (a.getNodeType() != b.getNodeType()) {
      return false;
    }
    return switch (type) {
      case TypeExpression.RecordOf(String apiClass) ->
          names(a).equals(names(b))
              && surface.fields(apiClass).stream()
                  .filter(f -> a.has(f.name()))
                  .allMatch(
                      (FieldFacts f) -> alike(Surface.type(f), a.path(f.name()), b.path(f.name())));
      case TypeExpression.SetOf(TypeExpression member) -> first(member, a, b);
      case TypeExpression.MapOf(TypeExpression _, TypeExpression value) -> first(value, a, b);
      case TypeExpression.Simple _, TypeExpression.Reference _, TypeExpression.Enumeration _ ->
          true;
    };
  }

  private boolean first(TypeExpression type, JsonNode a, JsonNode b) {
    Iterator<JsonNode> some = a.iterator();
    Iterator<JsonNode> others = b.iterator();
    return !some.hasNext() || !others.hasNext() || alike(type, some.next(), others.next());
  }

  /** Of results that have a form of their own. */
  private static boolean alike(JsonNode a, JsonNode b) {
    return a.getNodeType() == b.getNodeType() && (!a.isObject() || names(a).equals(names(b)));
  }

  private static List<String> names(JsonNode object) {
    return object.propertyNames().stream().filter(name -> !name.equals(ELLIPSIS)).toList();
  }
}
