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
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/** The server that is measured, without a session. */
public final class Server {
  /** Longer than any call takes that is not broken. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final URI url;
  private final HttpClient client;
  private final Exchange.Listener listener;
  private final AtomicLong calls = new AtomicLong();

  /**
   * @param anyCertificate whether to talk to a server whose certificate nobody vouches for
   */
  public Server(URI url, boolean anyCertificate) {
    this(url, anyCertificate, _ -> {});
  }

  /**
   * @param listener hears of every call that was answered
   */
  public Server(URI url, boolean anyCertificate, Exchange.Listener listener) {
    this.url = url;
    this.listener = listener;
    HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
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
    try {
      String request = format.call(method, parameters);
      String reply =
          switch (format) {
            case XML_RPC -> body("/", "text/xml", request);
            case JSON_RPC -> body("/jsonrpc", "application/json", request);
          };
      Answer answer = format.answer(reply);
      listener.heard(new Exchange(format, method, parameters, request, reply, answer));
      return answer;
    } catch (IOException e) {
      return new Answer.Garbled(e.toString());
    }
  }

  private String body(String path, String type, String text) throws IOException {
    HttpResponse<String> response = send("POST", path, Map.of("Content-Type", type), text);
    if (response.statusCode() != 200) {
      throw new IOException("HTTP " + response.statusCode() + ": " + response.body());
    }
    return response.body();
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
    return HttpRequest.newBuilder(url.resolve(path)).timeout(PATIENCE);
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
}
