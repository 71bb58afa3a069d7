package io.keelson.conformance.surface;

import io.keelson.conformance.rpc.Values;
import io.keelson.model.FieldFacts;
import io.keelson.model.TypeExpression;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Arguments that no server can do anything with: of the right types, and naming nothing. */
public final class Arguments {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Surface surface;

  public Arguments(Surface surface) {
    this.surface = surface;
  }

  /** One for each parameter, references that name nothing among them. */
  public List<JsonNode> idle(Message message) {
    return message.parameters().stream().map(p -> idle(message, p)).toList();
  }

  private JsonNode idle(Message message, Message.Parameter parameter) {
    JsonNode fitting = Fitting.FOR.path(message.wireName()).path(parameter.name());
    return fitting.isMissingNode() ? idle(parameter.type()) : fitting;
  }

  /** One of the right type. */
  public JsonNode idle(TypeExpression type) {
    return switch (type) {
      case TypeExpression.Simple(String name) ->
          switch (name) {
            case "int" -> NODES.numberNode(0);
            case "float" -> NODES.numberNode(0.0);
            case "bool" -> NODES.booleanNode(false);
            case "datetime" -> Values.text("19700101T00:00:00Z");
            default -> Values.text("");
          };
      case TypeExpression.Reference _ -> Values.deadReference();
      case TypeExpression.Enumeration(String name) -> Values.text(surface.values(name).getFirst());
      case TypeExpression.SetOf _ -> NODES.arrayNode();
      case TypeExpression.MapOf _ -> NODES.objectNode();
      case TypeExpression.RecordOf(String apiClass) -> {
        ObjectNode record = NODES.objectNode();
        for (FieldFacts field : surface.constructorFields(apiClass)) {
          record.set(field.name(), idle(Surface.type(field)));
        }
        yield record;
      }
    };
  }

  /** One of a type that no reader takes for the right one. */
  public static JsonNode wrong(TypeExpression type) {
    return type instanceof TypeExpression.SetOf ? NODES.objectNode() : NODES.arrayNode();
  }
}
