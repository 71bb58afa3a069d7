package io.keelson.testkit.wire;

import java.net.URI;

/** The formats that clients use today. */
public enum Format {
  XML_RPC,
  JSON_RPC;

  /** A way to call the server at that address in this format. */
  public Wire wire(URI server) {
    return switch (this) {
      case XML_RPC -> new XmlRpcWire(server.resolve("/"));
      case JSON_RPC -> new JsonRpcWire(server.resolve("/jsonrpc"));
    };
  }
}
