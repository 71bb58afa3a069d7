package io.keelson.wire;

/** The versions of JSON-RPC. */
public enum JsonVersion {
  V1,
  V2
}
