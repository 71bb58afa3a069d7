package io.keelson.control.host;

import io.keelson.api.ApiErrors;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.control.web.WebRequests;
import io.keelson.host.Trust;
import io.keelson.image.Compressed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/**
 * Sends a status report, as a compressed archive, to where its reader wants it.
 *
 * @param trust in servers that are spoken to over TLS
 */
record ReportUpload(StatusReport report, Trust trust) {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration CONNECT = Duration.ofSeconds(30);

  /**
   * @param options {@code http_proxy}: the proxy to go through
   * @throws io.keelson.api.ApiError SYSTEM_STATUS_RETRIEVAL_FAILED when it does not arrive
   */
  void send(Ref<Host> host, String url, Map<String, String> options) {
    HttpRequest.Builder request = WebRequests.to(url).timeout(PATIENCE);
    HttpClient.Builder client =
        HttpClient.newBuilder().connectTimeout(CONNECT).sslContext(trust.context());
    String proxy = options.getOrDefault("http_proxy", "");
    if (!proxy.isEmpty()) {
      client.proxy(ProxySelector.of(proxy(proxy)));
    }
    byte[] archive = archive(host);
    try (HttpClient http = client.build()) {
      HttpResponse<Void> answer =
          http.send(
              request
                  .header("Content-Type", "application/x-gzip")
                  .PUT(HttpRequest.BodyPublishers.ofByteArray(archive))
                  .build(),
              HttpResponse.BodyHandlers.discarding());
      if (answer.statusCode() / 100 != 2) {
        throw ApiErrors.systemStatusRetrievalFailed(
            "the other server answers with status " + answer.statusCode());
      }
    } catch (IOException e) {
      throw ApiErrors.systemStatusRetrievalFailed("the report cannot be sent: " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw ApiErrors.systemStatusRetrievalFailed("interrupted");
    }
  }

  private static InetSocketAddress proxy(String text) {
    try {
      URI uri = URI.create(text.contains("://") ? text : "http://" + text);
      if (uri.getHost() == null || uri.getPort() < 0) {
        throw ApiErrors.invalidValue("http_proxy", text);
      }
      return new InetSocketAddress(uri.getHost(), uri.getPort());
    } catch (IllegalArgumentException _) {
      throw ApiErrors.invalidValue("http_proxy", text);
    }
  }

  private byte[] archive(Ref<Host> host) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = Compressed.GZIP.compress(bytes)) {
      report.writeTar(host, report.subjects(host), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory raises none
    }
    return bytes.toByteArray();
  }
}
