package io.keelson.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;

/** Writes the head of a reply. */
final class ResponseHead {
  private ResponseHead() {}

  /**
   * @param length of the body; negative writes no content-length
   */
  static void write(
      ByteBuf out,
      boolean http10,
      int status,
      boolean keepAlive,
      Map<String, String> headers,
      long length) {
    ascii(out, http10 ? "HTTP/1.0 " : "HTTP/1.1 ");
    ascii(out, HttpResponseStatus.valueOf(status).toString());
    ascii(out, keepAlive ? "\r\nconnection: keep-alive\r\n" : "\r\nconnection: close\r\n");
    lines(out, headers);
    if (length >= 0) {
      ascii(out, "content-length: ");
      ascii(out, Long.toString(length));
      ascii(out, "\r\n");
    }
    ascii(out, "\r\n");
  }

  /** The head of a reply after which the connection speaks no HTTP any more. */
  static void writeTakeOver(ByteBuf out, int status, Map<String, String> headers) {
    ascii(out, "HTTP/1.1 ");
    ascii(out, HttpResponseStatus.valueOf(status).toString());
    ascii(out, "\r\n");
    lines(out, headers);
    ascii(out, "\r\n");
  }

  private static void lines(ByteBuf out, Map<String, String> headers) {
    headers.forEach((name, value) -> {
      ascii(out, name);
      ascii(out, ": ");
      ascii(out, oneLine(value));
      ascii(out, "\r\n");
    });
  }

  /** Control characters would let a value forge further headers. */
  private static String oneLine(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < 0x20 || value.charAt(i) == 0x7F) {
        return value.replaceAll("[\\x00-\\x1F\\x7F]", " ");
      }
    }
    return value;
  }

  private static void ascii(ByteBuf out, String text) {
    out.writeCharSequence(text, US_ASCII);
  }
}
