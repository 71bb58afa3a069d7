package io.keelson.control.web;

import io.keelson.api.ApiErrors;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.Trust;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Sends what a host tells of itself to where its reader wants it.
 *
 * @param trust in servers that are spoken to over TLS
 * @param patience for all of it
 */
public record Upload(Trust trust, Duration patience) {
  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final int GOOD = 2;

  /**
   * @param options {@code http_proxy}: the proxy to go through
   * @param length of the body
   * @throws io.keelson.api.ApiError INVALID_VALUE, VALUE_NOT_SUPPORTED;
   *     SYSTEM_STATUS_RETRIEVAL_FAILED when it does not arrive
   */
  public void put(
      String url,
      Map<String, String> options,
      String contentType,
      Supplier<InputStream> body,
      long length,
      Progress progress) {
    HttpRequest.Builder request = WebRequests.to(url).timeout(patience);
    HttpClient.Builder client =
        HttpClient.newBuilder().connectTimeout(CONNECT).sslContext(trust.context());
    String proxy = options.getOrDefault("http_proxy", "");
    if (!proxy.isEmpty()) {
      client.proxy(ProxySelector.of(proxy(proxy)));
    }
    Supplier<InputStream> watched = () -> new Watched(body.get(), length, progress);
    HttpClient http = client.build();
    try {
      HttpResponse<Void> answer =
          await(
              progress,
              http.sendAsync(
                  request
                      .header("Content-Type", contentType)
                      .PUT(
                          BodyPublishers.fromPublisher(
                              BodyPublishers.ofInputStream(watched), length))
                      .build(),
                  HttpResponse.BodyHandlers.discarding()));
      if (answer.statusCode() / 100 != GOOD) {
        throw ApiErrors.systemStatusRetrievalFailed(
            "the other server answers with status " + answer.statusCode());
      }
    } catch (ExecutionException e) {
      throw ApiErrors.systemStatusRetrievalFailed("it cannot be sent: " + Unreached.why(e));
    } finally {
      http.shutdownNow();
    }
  }

  private static <T> T await(Progress progress, CompletableFuture<T> answer)
      throws ExecutionException {
    while (true) {
      try {
        return answer.get(100, TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        if (progress.cancelled()) {
          throw new DriverException(Reason.CANCELLED, "the upload was cancelled");
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new DriverException(Reason.CANCELLED, "interrupted");
      }
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

  /** Tells how much has been read. */
  private static final class Watched extends FilterInputStream {
    private final long length;
    private final Progress progress;
    private long done;

    private Watched(InputStream in, long length, Progress progress) {
      super(in);
      this.length = length;
      this.progress = progress;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      int got = super.read(target, offset, count);
      if (got > 0) {
        done += got;
        progress.report((double) done / length);
      }
      return got;
    }
  }
}
