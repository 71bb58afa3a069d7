package io.keelson.conformance.recording;

import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.Exchange;
import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.FieldFacts;
import io.keelson.model.TypeExpression;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Of which classes the objects are that calls have named, by where their references stood. */
final class ObjectClasses {
  private static final String SESSION = "session";

  private final Surface surface;
  private final Map<String, String> known = new HashMap<>();

  ObjectClasses(Surface surface) {
    this.surface = surface;
  }

  /** The class of a reference, if it has been seen where one of that class belongs. */
  Optional<String> of(String reference) {
    return Optional.ofNullable(known.get(reference));
  }

  void learn(Exchange exchange) {
    boolean async = exchange.method().startsWith("Async.");
    Optional<Message> found =
        surface.message(async ? exchange.method().substring(6) : exchange.method());
    if (found.isEmpty()) {
      return;
    }
    Message message = found.orElseThrow();
    List<JsonNode> given = exchange.parameters();
    int first = message.session() ? 1 : 0;
    if (first == 1 && !given.isEmpty()) {
      put(given.getFirst().asString(""), SESSION);
    }
    for (int i = 0; i < message.parameters().size() && i + first < given.size(); i++) {
      see(message.parameters().get(i).type(), given.get(i + first));
    }
    if (exchange.answer() instanceof Answer.Success(JsonNode value)) {
      see(async ? new TypeExpression.Reference("task") : message.result(), value);
    }
  }

  private void see(TypeExpression type, JsonNode value) {
    switch (type) {
      case TypeExpression.Reference(String apiClass) -> put(value.asString(""), apiClass);
      case TypeExpression.SetOf(TypeExpression member) -> value.forEach(v -> see(member, v));
      case TypeExpression.MapOf(TypeExpression key, TypeExpression item) -> {
        if (key instanceof TypeExpression.Reference(String apiClass)) {
          value.propertyNames().forEach(ref -> put(ref, apiClass));
        }
        value.forEach(v -> see(item, v));
      }
      case TypeExpression.RecordOf(String apiClass) -> {
        for (FieldFacts field : surface.fields(apiClass)) {
          see(Surface.type(field), value.path(field.name()));
        }
      }
      case TypeExpression.Simple _, TypeExpression.Enumeration _ -> {}
    }
  }

  private void put(String reference, String apiClass) {
    if (reference.startsWith("OpaqueRef:")) {
      known.putIfAbsent(reference, apiClass);
    }
  }
}
