package io.keelson.conformance.rpc;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/**
 * The server that is measured, without a session. A call that goes unanswered ends when the
 * patience does. Nobody waits again for a message that went unanswered twice, nor for anything once
 * the server answers nothing at all.
 */
public final class Server implements AutoCloseable {
  private static final String PROBE = "system.listMethods";
  private static final int PATIENT_TIMES = 2;

  /** Passwords are slow to check on purpose. */
  private static final Duration LOGIN = Duration.ofMinutes(1);

  private final URI url;
  private final boolean anyCertificate;
  private final Duration patience;
  private final HttpClient client;
  private final Exchange.Listener listener;
  private final AtomicLong calls = new AtomicLong();
  private final Map<String, Integer> unanswered = new ConcurrentHashMap<>();
  private volatile boolean silent;

  /**
   * @param anyCertificate whether to talk to a server whose certificate nobody vouches for
   * @param patience how long a call may take; longer than any takes that is not broken
   */
  public Server(URI url, boolean anyCertificate, Duration patience) {
    this(url, anyCertificate, patience, _ -> {});
  }

  /**
   * @param listener hears of every call that was answered
   */
  public Server(URI url, boolean anyCertificate, Duration patience, Exchange.Listener listener) {
    this.url = url;
    this.anyCertificate = anyCertificate;
    this.patience = patience;
    this.listener = listener;
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(patience);
    this.client = (anyCertificate ? builder.sslContext(AnyCertificate.context()) : builder).build();
  }

  public URI url() {
    return url;
  }

  /** How many calls have been made. */
  public long calls() {
    return calls.get();
  }

  /** Makes a call and waits for its answer. */
  public Answer call(Format format, String method, List<JsonNode> parameters) {
    calls.incrementAndGet();
    if (silent) {
      return new Answer.Garbled("the server does not answer any more");
    }
    if (unanswered.getOrDefault(method, 0) >= PATIENT_TIMES) {
      return new Answer.Garbled(method + " did not answer before");
    }
    try {
      return made(format, method, parameters);
    } catch (TimeoutException _) {
      unanswered.merge(method, 1, Integer::sum);
      silent = !answers(format);
      return new Answer.Garbled("no answer within " + patience.toMillis() / 1000.0 + " s");
    } catch (IOException e) {
      return new Answer.Garbled(e.toString());
    }
  }

  private Answer made(Format format, String method, List<JsonNode> parameters)
      throws IOException, TimeoutException {
    Duration longest =
        method.contains(".login") && patience.compareTo(LOGIN) < 0 ? LOGIN : patience;
    String request = format.call(method, parameters);
    String reply =
        switch (format) {
          case XML_RPC -> body("/", "text/xml", request, longest);
          case JSON_RPC -> body("/jsonrpc", "application/json", request, longest);
        };
    Answer answer = format.answer(reply);
    listener.heard(new Exchange(format, method, parameters, request, reply, answer));
    return answer;
  }

  /** Sends one request as it is given. */
  public HttpResponse<String> send(
      String verb, String path, Map<String, String> headers, String body) throws IOException {
    HttpRequest.Builder request =
        request(path)
            .method(
                verb,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return waited(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Fetches a file. */
  public HttpResponse<Path> fetch(String path, Path into) throws IOException {
    return waited(request(path).build(), HttpResponse.BodyHandlers.ofFile(into));
  }

  /** Puts a file. */
  public HttpResponse<String> upload(String path, Path file) throws IOException {
    return waited(
        request(path).PUT(HttpRequest.BodyPublishers.ofFile(file)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url.resolve(path)).timeout(patience);
  }

  private <T> HttpResponse<T> waited(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException {
    try {
      return client.send(request, handler);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Whether it answers what takes no time. */
  private boolean answers(Format format) {
    try {
      made(format, PROBE, List.of());
      return true;
    } catch (TimeoutException | IOException _) {
      return false;
    }
  }

  private String body(String path, String type, String text, Duration longest)
      throws IOException, TimeoutException {
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve(path))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(text))
            .build();
    CompletableFuture<HttpResponse<String>> coming =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    try {
      // The timeout of a request would end with the headers, and let a body take for ever.
      HttpResponse<String> response = coming.get(longest.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException("HTTP " + response.statusCode() + ": " + response.body());
      }
      return response.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    } finally {
      coming.cancel(true);
    }
  }

  /** A connection for requests that are no calls. */
  public RawConnection connect() throws IOException {
    if (silent) {
      throw new IOException("the server does not answer any more");
    }
    return new RawConnection(url, anyCertificate, patience);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
