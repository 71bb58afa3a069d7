package io.keelson.conformance.fuzz.make;

import java.util.List;

/** Requests whose HTTP is odd or wrong, around a call that is right. */
final class HttpCases {
  private static final List<String> METHODS =
      List.of(
          "GET",
          "HEAD",
          "POST",
          "PUT",
          "OPTIONS",
          "CONNECT",
          "DELETE",
          "PATCH",
          "TRACE",
          "PRI",
          "get",
          "G\u00e9T",
          "",
          "A".repeat(300),
          "GET\u0000");
  private static final List<String> VERSIONS =
      List.of(
          "HTTP/1.1",
          "HTTP/1.0",
          "HTTP/0.9",
          "HTTP/2.0",
          "HTTP/1.9",
          "http/1.1",
          "HTTP/",
          "",
          "HTTP/1.1 x");
  private static final List<String> TARGETS =
      List.of(
          "/",
          "/RPC2",
          "/jsonrpc",
          "*",
          "//",
          "/%00",
          "/%",
          "/%zz",
          "/..",
          "/../etc/passwd",
          "/?a=%ff&&=",
          "http://127.0.0.1/",
          "http://",
          "127.0.0.1:80",
          "",
          "/\u0000",
          "/a b",
          "/#a",
          "/\u00ff",
          "/index.html",
          "/console",
          "/favicon.ico",
          "/RPC2/x",
          "/services/xenopsd",
          "/unix",
          "\\");
  private static final List<String> HEADERS =
      List.of(
          "Content-Length: -1",
          "Content-Length: 1",
          "Content-Length: 99999999999999999999",
          "Content-Length: a",
          "Content-Length: +5",
          "Content-Length: 5, 5",
          "Content-Length: 10\r\nContent-Length: 11",
          "Content-Length:",
          "Content-Length: 9223372036854775807",
          "Transfer-Encoding: chunked",
          "Transfer-Encoding: gzip, chunked",
          "Transfer-Encoding: identity",
          "Transfer-Encoding: chunked\r\nContent-Length: 3",
          "Transfer-Encoding: x",
          "Expect: 100-continue",
          "Expect: 200-maybe",
          "Connection: close",
          "Connection: upgrade\r\nUpgrade: h2c",
          "Connection: Upgrade\r\n"
              + "Upgrade: websocket\r\n"
              + "Sec-WebSocket-Version: 13\r\n"
              + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
          "Connection: Upgrade\r\n"
              + "Upgrade: websocket\r\n"
              + "Sec-WebSocket-Version: 7\r\n"
              + "Sec-WebSocket-Key: x",
          "Accept-Encoding: gzip",
          "Accept-Encoding: gzip;q=0, zstd, *;q=2",
          "Accept-Encoding: deflate",
          "Content-Encoding: gzip",
          "Content-Type: text/plain",
          "Content-Type: text/xml; charset=utf-16",
          "Content-Type: application/json; charset=latin1",
          "Cookie: session_id=@{session}",
          "Cookie: session_id=",
          "Cookie: =;;=;&&",
          "Cookie: session_id=\u0000",
          "Authorization: Basic !",
          "Authorization: Basic Og==",
          "Authorization: Basic",
          "Authorization: Bearer x",
          "Range: bytes=0-1",
          "Range: bytes=-",
          "Host:",
          "Host: a\r\nHost: b",
          "X: " + "y".repeat(20_000),
          ": y",
          "X y",
          " X: y",
          "X: a\r\n b",
          "X:\u0000",
          "\u00e9: y",
          "task_id: OpaqueRef:NULL",
          "subtask_of: @{ref:task:0}",
          "User-Agent: fuzz",
          "Origin: http://evil",
          "Access-Control-Request-Headers: a\u0000b",
          "Access-Control-Request-Headers: x\u00e9, <b>",
          "X-Forwarded-For: 1.2.3.4",
          "Trailer: X",
          "TE: trailers");
  private static final String BODY =
      "{\"jsonrpc\":\"2.0\",\"method\":\"pool.get_all\",\"params\":[\"@{session}\"],\"id\":7}";

  private HttpCases() {}

  static Request any(Dice dice) {
    return switch (dice.below(10)) {
      case 0 -> pipelined(dice);
      case 1 -> chunked(dice);
      case 2 -> cut(dice);
      case 3 -> mangledHead(dice);
      case 4 -> Request.of("noise", Mangling.noise(dice.below(400), dice), "", Wanted.PART);
      case 5 -> withHeader(dice);
      default -> strange(dice);
    };
  }

  private static String call(String more) {
    return "POST /jsonrpc HTTP/1.1\r\nHost: fuzz\r\nContent-Length: " + "@{length}" + more;
  }

  /** Several calls in a row, before the first is answered. */
  private static Request pipelined(Dice dice) {
    int calls = 2 + dice.below(20);
    String body = "{\"jsonrpc\":\"2.0\",\"method\":\"a.b\",\"params\":[\"\"],\"id\":12345}";
    String one =
        "POST /jsonrpc HTTP/1.1\r\nHost: fuzz\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body);
    return new Request("pipelined", one.repeat(calls), Wanted.REPLY, calls);
  }

  private static Request chunked(Dice dice) {
    StringBuilder body = new StringBuilder();
    boolean wrong = dice.oneIn(2);
    for (int at = 0; at < BODY.length(); ) {
      int length = Math.min(1 + dice.below(40), BODY.length() - at);
      body.append(Integer.toHexString(length))
          .append(dice.oneIn(5) ? ";a=\"b\"" : "")
          .append("\r\n")
          .append(BODY, at, at + length)
          .append("\r\n");
      at += length;
    }
    body.append("0\r\n").append(dice.oneIn(3) ? "X: y\r\n" : "").append("\r\n");
    String sent = wrong ? Mangling.of(body.toString(), dice) : body.toString();
    return Request.of(
        "chunked",
        "POST /jsonrpc HTTP/1.1\r\nHost: fuzz\r\nTransfer-Encoding: chunked",
        sent,
        Wanted.PART);
  }

  /** A client that goes away in the middle, or once it has sent everything. */
  private static Request cut(Dice dice) {
    String whole = call("") + "\r\n\r\n" + BODY;
    int end = dice.oneIn(3) ? whole.length() : 1 + dice.below(whole.length());
    Wanted wanted = dice.oneIn(2) ? Wanted.NOTHING : Wanted.PART;
    return new Request("cut", whole.substring(0, end), wanted, 1);
  }

  private static Request mangledHead(Dice dice) {
    return Request.of("head", Mangling.of(call(""), dice), BODY, Wanted.PART);
  }

  /** A head that is whole, so that something must come back. */
  private static Request withHeader(Dice dice) {
    String header = dice.of(HEADERS);
    return Request.of("header", call("\r\n" + header), BODY, Wanted.PART);
  }

  private static Request strange(Dice dice) {
    StringBuilder head = new StringBuilder();
    head.append(dice.of(METHODS)).append(' ').append(target(dice)).append(' ');
    head.append(dice.oneIn(3) ? dice.of(VERSIONS) : "HTTP/1.1").append("\r\nHost: fuzz");
    for (int i = dice.below(dice.oneIn(10) ? 200 : 4); i > 0; i--) {
      head.append("\r\n").append(dice.of(HEADERS));
    }
    return Request.of("strange", head.toString(), dice.oneIn(2) ? BODY : "", Wanted.PART);
  }

  private static String target(Dice dice) {
    return dice.oneIn(10) ? "/" + "a".repeat(dice.below(20_000)) : dice.of(TARGETS);
  }
}
