package io.keelson.control.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.ApiErrors;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Base64;
import java.util.Set;

/** Requests to URLs that callers name. */
public final class WebRequests {
  private static final Set<String> SCHEMES = Set.of("http", "https");
  private static final int LAST_PORT = 0xFFFF;

  private WebRequests() {}

  /**
   * A request to a URL, with the login that is in it.
   *
   * @throws io.keelson.api.ApiError INVALID_VALUE; VALUE_NOT_SUPPORTED for other than http and
   *     https
   */
  public static HttpRequest.Builder to(String url) {
    try {
      URI uri = URI.create(url);
      if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme())) {
        throw ApiErrors.valueNotSupported("url", url, "Only http and https URLs can be reached");
      }
      if (uri.getPort() > LAST_PORT) { // which the client notices when it connects, and no sooner
        throw ApiErrors.invalidValue("url", url);
      }
      HttpRequest.Builder request = HttpRequest.newBuilder(uri);
      if (uri.getUserInfo() != null) {
        String who = Base64.getEncoder().encodeToString(uri.getUserInfo().getBytes(UTF_8));
        request.header("Authorization", "Basic " + who);
      }
      return request;
    } catch (IllegalArgumentException _) {
      throw ApiErrors.invalidValue("url", url);
    }
  }
}
