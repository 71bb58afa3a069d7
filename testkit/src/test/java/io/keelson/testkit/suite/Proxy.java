package io.keelson.testkit.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Between a client and a server, and not always honest about what the server says. */
final class Proxy implements AutoCloseable {
  private static final Pattern METHOD =
      Pattern.compile("\"method\":\"([^\"]+)\"|<methodName>([^<]+)</methodName>");

  /** What becomes of a reply. */
  @FunctionalInterface
  interface Lie {
    /** The reply that the client gets; none at all for one that never comes. */
    Optional<String> told(Format format, String request, String reply);
  }

  private final URI server;
  private final Map<String, Lie> lies;
  private final Optional<String> always;
  private final HttpClient client = HttpClient.newHttpClient();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer http;

  /**
   * @param lies by the message whose replies they alter; {@code *} for all others
   */
  Proxy(URI server, Map<String, Lie> lies) throws IOException {
    this(server, lies, Optional.empty());
  }

  /** One that has no server, and gives all calls the same answer. */
  static Proxy saying(String always) throws IOException {
    return new Proxy(URI.create("http://127.0.0.1/"), Map.of(), Optional.of(always));
  }

  private Proxy(URI server, Map<String, Lie> lies, Optional<String> always) throws IOException {
    this.server = server;
    this.lies = lies;
    this.always = always;
    this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/", this::pass);
    http.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/");
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      Format format =
          exchange.getRequestURI().getPath().equals("/") ? Format.XML_RPC : Format.JSON_RPC;
      Optional<String> told =
          always.isPresent()
              ? always
              : told(format, request, asked(exchange.getRequestURI(), request));
      if (told.isEmpty()) {
        end.await(); // until nobody waits any more
        return;
      }
      byte[] body = told.get().getBytes(UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String asked(URI path, String request) throws IOException, InterruptedException {
    HttpRequest call =
        HttpRequest.newBuilder(server.resolve(path))
            .POST(HttpRequest.BodyPublishers.ofString(request))
            .build();
    return client.send(call, HttpResponse.BodyHandlers.ofString()).body();
  }

  private Optional<String> told(Format format, String request, String reply) {
    Matcher method = METHOD.matcher(request);
    String name = method.find() ? Optional.ofNullable(method.group(1)).orElse(method.group(2)) : "";
    Optional<Lie> lie =
        Optional.ofNullable(lies.get(name)).or(() -> Optional.ofNullable(lies.get("*")));
    return lie.isEmpty() ? Optional.of(reply) : lie.get().told(format, request, reply);
  }

  @Override
  public void close() {
    end.countDown();
    http.stop(0);
    threads.shutdownNow();
    client.shutdownNow();
  }
}
