package io.keelson.reference;

import io.keelson.conformance.surface.Shape;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.FieldFacts;
import io.keelson.model.TypeExpression;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A value of an example, from which something may have been cut. */
record CutValue(Surface surface, Shape shape) {
  private static final String ELLIPSIS = "\u2026";

  /** What is wrong with what is left of it, if anything is. */
  Optional<String> objection(TypeExpression type, JsonNode value) {
    return switch (type) {
      case TypeExpression.SetOf(TypeExpression member) when value.isArray() ->
          value
              .valueStream()
              .filter(item -> !item.asString("").startsWith(ELLIPSIS))
              .flatMap(item -> objection(member, item).stream())
              .findFirst();
      case TypeExpression.MapOf(TypeExpression _, TypeExpression item) when value.isObject() ->
          value.properties().stream()
              .filter(CutValue::isThere)
              .flatMap(member -> objection(item, member.getValue()).stream())
              .findFirst();
      case TypeExpression.RecordOf(String apiClass) when value.isObject() ->
          value.properties().stream()
              .filter(CutValue::isThere)
              .flatMap(member -> member(apiClass, member).stream())
              .findFirst();
      default -> shape.objection(type, value);
    };
  }

  private static boolean isThere(Map.Entry<String, JsonNode> member) {
    return !member.getKey().equals(ELLIPSIS);
  }

  private Optional<String> member(String apiClass, Map.Entry<String, JsonNode> member) {
    Optional<FieldFacts> field =
        surface.fields(apiClass).stream().filter(f -> f.name().equals(member.getKey())).findFirst();
    return field.isPresent()
        ? objection(Surface.type(field.orElseThrow()), member.getValue())
            .map(why -> apiClass + "." + member.getKey() + ": " + why)
        : Optional.of(apiClass + " has no field " + member.getKey());
  }
}
