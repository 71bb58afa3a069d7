package io.keelson.wire;

import io.keelson.api.Value;
import java.util.List;

/** Tells which call a JSON document is. */
final class JsonCalls {
  private static final Value ABSENT = new Value.Nothing();

  private JsonCalls() {}

  static JsonCall call(Value document) {
    if (!(document instanceof Value.Structure(var members))) {
      return refused(JsonEnvelope.UNKNOWN, "the request is no object");
    }
    Value marker = members.getOrDefault("jsonrpc", new Value.Text("1.0"));
    JsonVersion version = marker.equals(new Value.Text("1.0")) ? JsonVersion.V1 : JsonVersion.V2;
    var envelope = new JsonEnvelope(version, id(members.getOrDefault("id", ABSENT)));
    if (version == JsonVersion.V2 && !marker.equals(new Value.Text("2.0"))) {
      return refused(envelope, "the version of JSON-RPC is neither 1.0 nor 2.0");
    }
    if (envelope.id() instanceof JsonId.None) {
      return refused(envelope, "the request has no id that is a string or a number");
    }
    if (!(members.getOrDefault("method", ABSENT) instanceof Value.Text(var method))) {
      return refused(envelope, "the request has no method that is a string");
    }
    return switch (members.getOrDefault("params", new Value.Sequence(List.of()))) {
      case Value.Sequence(var params) ->
          new JsonCall.Valid(envelope, new RpcRequest(method, params));
      case Value.Structure one ->
          new JsonCall.Valid(envelope, new RpcRequest(method, List.of(one)));
      case Value.Text _,
          Value.Whole _,
          Value.Real _,
          Value.Flag _,
          Value.Moment _,
          Value.Nothing _ ->
          refused(envelope, "the request's params are neither an array nor an object");
    };
  }

  private static JsonId id(Value value) {
    return switch (value) {
      case Value.Text(var text) -> new JsonId.Text(text);
      case Value.Whole(var number) -> new JsonId.Whole(number);
      case Value.Real(var number) when Double.isFinite(number) -> new JsonId.Real(number);
      case Value.Real _,
          Value.Flag _,
          Value.Moment _,
          Value.Sequence _,
          Value.Structure _,
          Value.Nothing _ ->
          new JsonId.None();
    };
  }

  private static JsonCall refused(JsonEnvelope envelope, String why) {
    return new JsonCall.Refused(envelope, new WireException(WireException.Kind.NOT_A_CALL, why));
  }
}
