package io.keelson.http;

import io.keelson.wire.Encoded;
import java.util.List;
import java.util.Map;

/**
 * A reply as it goes out.
 *
 * @param headers besides connection and content-length
 * @param close whether the connection ends with it, whatever the client wishes
 */
record Response(int status, Map<String, String> headers, Encoded body, boolean close) {
  static final Encoded EMPTY = new Encoded(List.of(), 0);

  static Response of(int status, Map<String, String> headers, byte[] body) {
    return new Response(status, headers, Encoded.of(body), false);
  }

  Response closing() {
    return new Response(status, headers, body, true);
  }
}
