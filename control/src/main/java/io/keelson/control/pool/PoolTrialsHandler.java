package io.keelson.control.pool;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.Call;
import io.keelson.api.messages.PoolTrials;
import io.keelson.control.web.Unreached;
import io.keelson.host.Trust;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** pool.send_test_post: tries whether another server can be spoken to over TLS. */
record PoolTrialsHandler(Trust trust) implements PoolTrials {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long LONGEST_ANSWER = 1 << 20;
  private static final long LAST_PORT = 65_535;
  private static final int GOOD = 2;

  /**
   * The body of the answer, whoever it is that answers with a status of 2xx.
   *
   * @throws ApiError INVALID_VALUE for what is no host or port; SSL_VERIFY_ERROR when the server
   *     does not prove who it is; INTERNAL_ERROR when it cannot be reached, or answers otherwise
   */
  @Override
  public String sendTestPost(Call call, String host, long port, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(uri(host, port))
            .timeout(PATIENCE)
            .POST(BodyPublishers.ofString(body))
            .build();
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(trust.context())
            .build();
    try {
      HttpResponse<String> answer =
          await(
              call,
              client.sendAsync(
                  request, BodyHandlers.limiting(BodyHandlers.ofString(UTF_8), LONGEST_ANSWER)));
      if (answer.statusCode() / 100 != GOOD) {
        throw failed("the server answers with status " + answer.statusCode());
      }
      return answer.body();
    } catch (ExecutionException e) {
      throw refusal(e)
          .map(why -> ApiErrors.sslVerifyError(String.valueOf(why.getMessage())))
          .orElseGet(() -> failed("the server does not answer: " + Unreached.why(e)));
    } finally {
      client.shutdownNow();
    }
  }

  private static URI uri(String host, long port) {
    if (port < 1 || port > LAST_PORT) {
      throw ApiErrors.invalidValue("port", Long.toString(port));
    }
    try {
      URI uri = new URI("https", null, host, (int) port, "/", null, null);
      if (uri.getHost() == null) {
        throw ApiErrors.invalidValue("host", host);
      }
      return uri;
    } catch (URISyntaxException _) {
      throw ApiErrors.invalidValue("host", host);
    }
  }

  private static <T> T await(Call call, CompletableFuture<T> answer) throws ExecutionException {
    while (true) {
      try {
        return answer.get(100, TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        if (call.cancelled()) {
          throw ApiErrors.taskCancelled(call.task().text());
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw failed("interrupted");
      }
    }
  }

  /** Why the server's certificate was not accepted, if that was it. */
  private static Optional<Throwable> refusal(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .filter(CertificateException.class::isInstance)
        .findFirst();
  }

  private static ApiError failed(String why) {
    return ApiErrors.internalError(List.of(why));
  }
}
