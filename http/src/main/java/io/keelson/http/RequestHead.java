package io.keelson.http;

import io.keelson.api.Origin;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The head of a request that may be served.
 *
 * @param target path and query as they came
 * @param http10 whether it is HTTP/1.0, which ends the connection
 * @param keepAlive whether the connection may serve more requests
 * @param length of the body, or -1 when it comes in chunks or not at all
 */
record RequestHead(
    String method,
    String target,
    boolean http10,
    boolean keepAlive,
    long length,
    boolean chunked,
    boolean expectsContinue,
    HttpHeaders headers) {
  private static final String OTHER_CONFIG = "x-http-other-config-";

  static RequestHead of(HttpRequest request) throws BadRequest {
    DecoderResult result = request.decoderResult();
    if (result.isFailure()) {
      throw undecodable(result.cause());
    }
    HttpVersion version = request.protocolVersion();
    if (!version.protocolName().equals("HTTP") || version.majorVersion() != 1) {
      throw new BadRequest(505, "Only HTTP/1.0 and HTTP/1.1 are spoken here.");
    }
    HttpHeaders headers = request.headers();
    boolean http10 = version.minorVersion() == 0;
    if (headers.getAll(HttpHeaderNames.HOST).size() > 1) {
      throw new BadRequest(400, "There is more than one Host.");
    }
    return new RequestHead(
        request.method().name(),
        origin(request.uri()),
        http10,
        !http10 && !headers.containsValue(HttpHeaderNames.CONNECTION, "close", true),
        length(headers),
        chunked(headers, http10),
        expectsContinue(headers),
        headers);
  }

  /** Whether a body follows, or none can be told from the head. */
  boolean framed() {
    return chunked || length >= 0;
  }

  /** The path, still encoded. */
  String rawPath() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** What the reply may be compressed with. */
  Compression compression() {
    String accepted = headers.get(HttpHeaderNames.ACCEPT_ENCODING);
    return accepted == null ? Compression.NONE : Compression.accepted(accepted);
  }

  Peer peer(Origin origin, boolean secure) {
    Map<String, String> otherConfig = Map.of();
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey();
      if (name.regionMatches(true, 0, OTHER_CONFIG, 0, OTHER_CONFIG.length())) {
        otherConfig = otherConfig.isEmpty() ? new LinkedHashMap<>() : otherConfig;
        otherConfig.put(
            name.substring(OTHER_CONFIG.length()).toLowerCase(Locale.ROOT), header.getValue());
      }
    }
    return new Peer(
        origin,
        secure,
        Optional.ofNullable(headers.get(HttpHeaderNames.USER_AGENT)),
        Optional.ofNullable(headers.get("subtask-of")),
        otherConfig);
  }

  private static BadRequest undecodable(Throwable cause) {
    return switch (cause) {
      case TooLongHttpHeaderException _ -> new BadRequest(431, "The header is too large.");
      case TooLongHttpLineException _ -> new BadRequest(414, "The request line is too long.");
      default -> new BadRequest(400, "The request is not valid HTTP.");
    };
  }

  private static long length(HttpHeaders headers) throws BadRequest {
    List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
    if (lengths.isEmpty()) {
      return -1;
    }
    String text = lengths.getFirst();
    if (lengths.size() > 1 || text.isEmpty() || text.length() > 18) {
      throw new BadRequest(400, "The length of the body makes no sense.");
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        throw new BadRequest(400, "The length of the body makes no sense.");
      }
    }
    return Long.parseLong(text);
  }

  private static boolean chunked(HttpHeaders headers, boolean http10) throws BadRequest {
    List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (encodings.isEmpty()) {
      return false;
    }
    if (http10 || encodings.size() > 1 || !encodings.getFirst().equalsIgnoreCase("chunked")) {
      throw new BadRequest(400, "The only transfer encoding is chunked, in HTTP/1.1.");
    }
    return true;
  }

  private static boolean expectsContinue(HttpHeaders headers) throws BadRequest {
    String expected = headers.get(HttpHeaderNames.EXPECT);
    if (expected == null) {
      return false;
    }
    if (!expected.equalsIgnoreCase("100-continue")) {
      throw new BadRequest(417, "The one expectation that can be met is 100-continue.");
    }
    return true;
  }

  /** A target in absolute form, as proxies get it, without scheme and host. */
  private static String origin(String uri) {
    int scheme = uri.startsWith("http://") ? 7 : uri.startsWith("https://") ? 8 : 0;
    if (scheme == 0) {
      return uri;
    }
    int path = uri.indexOf('/', scheme);
    return path < 0 ? "/" : uri.substring(path);
  }
}
