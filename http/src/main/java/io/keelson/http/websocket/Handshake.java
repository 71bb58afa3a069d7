package io.keelson.http.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.http.HttpAnswer;
import io.keelson.http.HttpAnswer.Conversation;
import io.keelson.http.HttpCall;
import io.keelson.wire.Encoded;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** How a request becomes a WebSocket. */
public sealed interface Handshake {
  /**
   * It may become one.
   *
   * @param headers of the answer
   */
  record Accepted(Map<String, String> headers) implements Handshake {
    /** Lets a conversation speak bytes; on the wire they are binary messages. */
    public HttpAnswer.TakeOver takeOver(Conversation conversation) {
      return new HttpAnswer.TakeOver(
          101,
          headers,
          (in, out) -> {
            WebSocketOutput output = new WebSocketOutput(out);
            try (WebSocketInput input = new WebSocketInput(in, output)) {
              conversation.run(input, output);
              output.end(CloseCode.NORMAL.code());
            }
          });
    }
  }

  /** It may not; the answer says why. */
  record Refused(HttpAnswer answer) implements Handshake {}

  /** What comes of a request. The one subprotocol is {@code binary}. */
  static Handshake of(HttpCall call) {
    if (!call.method().equals("GET")
        || !lists(call, "upgrade", "websocket")
        || !lists(call, "connection", "upgrade")) {
      return refused(
          426,
          Map.of("Upgrade", "websocket", "Connection", "Upgrade"),
          "This path speaks WebSocket, or CONNECT.");
    }
    if (!header(call, "sec-websocket-version").equals("13")) {
      return refused(
          426,
          Map.of("Upgrade", "websocket", "Sec-WebSocket-Version", "13"),
          "Version 13 of WebSocket is spoken here.");
    }
    String key = header(call, "sec-websocket-key");
    if (!isKey(key)) {
      return refused(400, Map.of(), "The WebSocket key is not valid.");
    }
    if (!header(call, "content-length").matches("0?")
        || call.headers().containsKey("transfer-encoding")) {
      return refused(400, Map.of(), "A WebSocket begins with no body.");
    }
    if (isForged(call)) {
      return refused(403, Map.of(), "A page of another site cannot use this browser's session.");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Upgrade", "websocket");
    headers.put("Connection", "Upgrade");
    headers.put("Sec-WebSocket-Accept", accept(key));
    if (lists(call, "sec-websocket-protocol", "binary")) {
      headers.put("Sec-WebSocket-Protocol", "binary");
    }
    return new Accepted(headers);
  }

  /**
   * Browsers add what they keep (cookies, passwords) to what a page of any site asks for, so only a
   * session that the page itself knows counts as the page's own.
   */
  private static boolean isForged(HttpCall call) {
    String origin = header(call, "origin");
    boolean ownSession =
        call.query().containsKey("session_id") && !call.cookies().containsKey("session_id");
    return !origin.isEmpty() && !ownSession && !authority(origin).equals(header(call, "host"));
  }

  private static String authority(String origin) {
    try {
      String authority = URI.create(origin).getAuthority();
      return authority == null ? "" : authority;
    } catch (IllegalArgumentException _) {
      return "";
    }
  }

  private static boolean isKey(String key) {
    try {
      return key.endsWith("==") && Base64.getDecoder().decode(key).length == 16;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** RFC 6455, section 4.2.2: proves that the server read the request as a WebSocket's. */
  private static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  private static boolean lists(HttpCall call, String header, String word) {
    return Arrays.stream(header(call, header).split(","))
        .flatMap(part -> Stream.of(part.strip()))
        .anyMatch(word::equalsIgnoreCase);
  }

  private static String header(HttpCall call, String name) {
    return call.headers().getOrDefault(name, "");
  }

  private static Refused refused(int status, Map<String, String> headers, String why) {
    return new Refused(
        new HttpAnswer.Whole(
            status,
            "text/plain; charset=utf-8",
            headers,
            Encoded.of((why + "\n").getBytes(UTF_8))));
  }
}
