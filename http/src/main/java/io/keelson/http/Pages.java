package io.keelson.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What browsers see: the static pages and the pages of errors. */
final class Pages {
  private static final Map<String, String> FILES =
      Map.of("/", "index.html", "/index.html", "index.html");
  private static final String HTML = "text/html; charset=utf-8";

  private final Map<String, byte[]> files = new LinkedHashMap<>();

  Pages() {
    FILES.forEach((path, name) -> files.put(path, resource("/web/" + name)));
  }

  /** The page at a path. */
  Optional<Response> page(String path) {
    return Optional.ofNullable(files.get(path))
        .map(bytes ->
            Response.of(
                200,
                Map.of(
                    "content-type",
                    HTML,
                    "x-content-type-options",
                    "nosniff",
                    "content-security-policy",
                    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
                bytes));
  }

  /** What a browser asks before it posts from another site's page. */
  static Response options(RequestHead head) {
    String asked = head.headers().get("access-control-request-headers");
    String allowed = asked == null ? "X-Requested-With" : asked + ", X-Requested-With";
    return Response.of(
        200,
        Map.of(
            "Access-Control-Allow-Origin",
            "*",
            "Access-Control-Allow-Headers",
            allowed,
            "Access-Control-Allow-Methods",
            "PUT"),
        new byte[0]);
  }

  static Response notFound(String target) {
    return error(404, "There is nothing at " + escape(target) + ".", Map.of());
  }

  static Response error(int status, String why) {
    return error(status, why, Map.of());
  }

  /**
   * @param why as HTML
   */
  static Response error(int status, String why, Map<String, String> more) {
    String title = "HTTP " + HttpResponseStatus.valueOf(status).toString().toLowerCase(Locale.ROOT);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", HTML);
    headers.put("cache-control", "no-cache, no-store");
    headers.putAll(more);
    return Response.of(
        status,
        headers,
        ("<!doctype html><html><head><title>"
                + title
                + "</title></head><body><h1>"
                + title
                + "</h1><p>"
                + why
                + "</p></body></html>")
            .getBytes(UTF_8));
  }

  static String escape(String text) {
    var escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '&' -> escaped.append("&amp;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static byte[] resource(String name) {
    try (InputStream in = Pages.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing from the jar: " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
