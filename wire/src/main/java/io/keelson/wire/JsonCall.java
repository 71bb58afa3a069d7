package io.keelson.wire;

/** A call in JSON-RPC, or what stands where one should. */
public sealed interface JsonCall {
  /** How the reply must look. */
  JsonEnvelope envelope();

  /** A call that can be made. */
  record Valid(JsonEnvelope envelope, RpcRequest request) implements JsonCall {}

  /** Something that is no call. */
  record Refused(JsonEnvelope envelope, WireException problem) implements JsonCall {}
}
