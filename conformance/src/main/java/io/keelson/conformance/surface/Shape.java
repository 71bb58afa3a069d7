package io.keelson.conformance.surface;

import io.keelson.conformance.rpc.Format;
import io.keelson.model.FieldFacts;
import io.keelson.model.TypeExpression;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Whether a value that came over the wire is what a type looks like in a format. */
public final class Shape {
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,19}");
  private static final Pattern MOMENT =
      Pattern.compile("\\d{8}T\\d{2}:\\d{2}:\\d{2}(Z|[+-]\\d{2}:?\\d{2})?");

  private static final Pattern NO_NUMBER = Pattern.compile("NaN|[+-]?Infinity");

  private final Surface surface;
  private final Format format;

  public Shape(Surface surface, Format format) {
    this.surface = surface;
    this.format = format;
  }

  /** What is wrong with the value, if anything is. */
  public Optional<String> objection(TypeExpression type, JsonNode value) {
    return switch (type) {
      case TypeExpression.Simple(String name) ->
          objectionIf(!isSimple(name, value), name + " expected, not " + value);
      case TypeExpression.Reference _ ->
          objectionIf(
              !value.isString() || !value.asString().startsWith("OpaqueRef:"),
              "a reference expected, not " + value);
      case TypeExpression.Enumeration(String name) ->
          objectionIf(
              !value.isString() || !surface.values(name).contains(value.asString()),
              "one of " + name + " expected, not " + value);
      case TypeExpression.SetOf(TypeExpression member) ->
          value.isArray()
              ? value.valueStream().flatMap(v -> objection(member, v).stream()).findFirst()
              : Optional.of("a set expected, not " + value);
      case TypeExpression.MapOf(TypeExpression key, TypeExpression item) ->
          value.isObject()
              ? value.properties().stream().flatMap(e -> entry(key, item, e).stream()).findFirst()
              : Optional.of("a map expected, not " + value);
      case TypeExpression.RecordOf(String apiClass) -> record(apiClass, value);
    };
  }

  private Optional<String> entry(
      TypeExpression key, TypeExpression item, Map.Entry<String, JsonNode> entry) {
    boolean reference = key instanceof TypeExpression.Reference;
    return reference && !entry.getKey().startsWith("OpaqueRef:")
        ? Optional.of("a reference expected as a key, not " + entry.getKey())
        : objection(item, entry.getValue()).map(why -> entry.getKey() + ": " + why);
  }

  private Optional<String> record(String apiClass, JsonNode value) {
    if (!value.isObject()) {
      return Optional.of("a record of " + apiClass + " expected, not " + value);
    }
    for (FieldFacts field : surface.fields(apiClass)) {
      Optional<String> why =
          value.has(field.name())
              ? objection(Surface.type(field), value.path(field.name()))
              : Optional.of("missing");
      if (why.isPresent()) {
        return why.map(text -> apiClass + "." + field.name() + ": " + text);
      }
    }
    return Optional.empty();
  }

  private boolean isSimple(String name, JsonNode value) {
    return switch (name) {
      case "string" -> value.isString();
      case "bool" -> value.isBoolean();
      case "datetime" -> value.isString() && MOMENT.matcher(value.asString()).matches();
      case "void" -> value.isString() && value.asString().isEmpty();
      case "int" ->
          switch (format) {
            case JSON_RPC -> value.isIntegralNumber();
            case XML_RPC -> value.isString() && WHOLE.matcher(value.asString()).matches();
          };
      case "float" ->
          value.isNumber() // JSON has no numbers for these
              || (format == Format.JSON_RPC && NO_NUMBER.matcher(value.asString("")).matches());
      default -> false;
    };
  }

  private static Optional<String> objectionIf(boolean wrong, String why) {
    return wrong ? Optional.of(why) : Optional.empty();
  }
}
