package io.keelson.conformance.loan;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * HTTP servers that the measured server can send files to and fetch files from, plain and over TLS,
 * and a workload balancing server.
 */
final class LentServers implements AutoCloseable {
  /** Below it a file comes that never ends. */
  static final String ENDLESS = "/endless";

  private final Path folder;
  private final HttpServer plain;
  private final HttpsServer tls;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch end = new CountDownLatch(1);
  private final Map<String, Path> files = new ConcurrentHashMap<>();

  /**
   * @param folder for what is sent to it
   */
  LentServers(InetAddress address, Authority authority, Path folder, Balancer balancer)
      throws IOException, GeneralSecurityException {
    this.folder = folder;
    plain = HttpServer.create(new InetSocketAddress(address, 0), 0);
    tls = HttpsServer.create(new InetSocketAddress(address, 0), 0);
    tls.setHttpsConfigurator(new HttpsConfigurator(authority.context()));
    for (HttpServer server : new HttpServer[] {plain, tls}) {
      server.setExecutor(threads);
      server.createContext("/", this::serve);
      server.start();
    }
    tls.createContext(Balancer.PATH, balancer);
  }

  int port() {
    return plain.getAddress().getPort();
  }

  int tlsPort() {
    return tls.getAddress().getPort();
  }

  /** Has a file fetched under a path. */
  void lend(String path, Path file) {
    files.put(path, file);
  }

  /** What was last sent to a path. */
  Optional<Path> sent(String path) {
    return Optional.ofNullable(files.get(path));
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      switch (exchange.getRequestMethod()) {
        case "PUT", "POST" -> keep(exchange, path);
        default -> {
          if (path.startsWith(ENDLESS)) {
            hang(exchange);
          } else {
            answer(exchange, path);
          }
        }
      }
    }
  }

  /** The answer is what was sent, as far as it is short. */
  private void keep(HttpExchange exchange, String path) throws IOException {
    Path file = Files.createTempFile(folder, "sent", "");
    try (InputStream in = exchange.getRequestBody();
        OutputStream out = Files.newOutputStream(file)) {
      in.transferTo(out);
    }
    files.put(path, file);
    byte[] answer = Files.size(file) < 4096 ? Files.readAllBytes(file) : new byte[] {'!'};
    exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
  }

  private void answer(HttpExchange exchange, String path) throws IOException {
    Optional<Path> file = sent(path);
    if (file.isEmpty()) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    exchange.sendResponseHeaders(200, Files.size(file.get()));
    Files.copy(file.get(), exchange.getResponseBody());
  }

  private void hang(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().flush();
    try {
      end.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end.countDown();
    plain.stop(0);
    tls.stop(0);
    threads.close();
  }
}
