package io.keelson.api;

/** The formats in which values leave the server. */
public enum WireFormat {
  XML_RPC,
  JSON_RPC
}
