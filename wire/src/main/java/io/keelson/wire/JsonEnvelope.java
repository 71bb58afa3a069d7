package io.keelson.wire;

/** What a JSON-RPC reply repeats of its request. */
public record JsonEnvelope(JsonVersion version, JsonId id) {
  /** Stands where the request could not be read far enough to know. */
  public static final JsonEnvelope UNKNOWN = new JsonEnvelope(JsonVersion.V2, new JsonId.None());
}
