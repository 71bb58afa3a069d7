package io.keelson.cli.client;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * What a server names by a URL: a path of its own, or one of another server, which is then asked
 * over TLS.
 */
record Target(Server server, String path) {
  private static final int HTTPS = 443;

  /**
   * @param from the server that names it
   * @throws ClientException when it would be asked in plain, for whoever listens to hear
   */
  static Target of(String url, Server from, Trust trust) throws IOException {
    if (url.startsWith("/")) {
      return new Target(from, url);
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw new IOException("the server names no URL: " + url, e);
    }
    String scheme = String.valueOf(uri.getScheme());
    String host = uri.getHost();
    if (host == null || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new IOException("the server names no URL: " + url);
    }
    String query = uri.getRawQuery();
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String whole = query == null ? path : path + "?" + query;
    if (scheme.equals("http")) {
      if (from instanceof Server.Plain(String own, int port)
          && own.equalsIgnoreCase(host)
          && (uri.getPort() < 0 ? Client.HTTP : uri.getPort()) == port) {
        return new Target(from, whole);
      }
      throw ClientException.failed(
          "Error: refused to go on to " + host + ", where the server sent us: not encrypted");
    }
    int port = uri.getPort() < 0 ? HTTPS : uri.getPort();
    if (from instanceof Server.Secure(String own, int ownPort, _)
        && own.equalsIgnoreCase(host)
        && ownPort == port) {
      return new Target(from, whole);
    }
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return new Target(new Server.Secure(name, port, trust), whole);
  }
}
