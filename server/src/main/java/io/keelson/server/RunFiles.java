package io.keelson.server;

import io.keelson.http.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The files by which the launcher finds a server that is ready: {@code run/server.pid} and {@code
 * run/server.endpoints}. A clean end removes them.
 */
final class RunFiles {
  private final Path folder;

  RunFiles(Path data) {
    this.folder = data.resolve("run");
  }

  void write(HttpServer http, Optional<Path> socket) {
    StringBuilder endpoints = new StringBuilder();
    http.plainAddress().ifPresent(a -> endpoints.append("api=").append(url("http", a)));
    http.tlsAddress().ifPresent(a -> endpoints.append("tls=").append(url("https", a)));
    socket.ifPresent(path -> endpoints.append("socket=").append(path).append('\n'));
    try {
      Files.createDirectories(folder);
      replace("server.endpoints", endpoints.toString());
      replace("server.pid", ProcessHandle.current().pid() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + folder, e);
    }
  }

  void remove() {
    try {
      Files.deleteIfExists(folder.resolve("server.pid"));
      Files.deleteIfExists(folder.resolve("server.endpoints"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tidy " + folder, e);
    }
  }

  private void replace(String name, String content) throws IOException {
    Path next = Files.writeString(folder.resolve(name + ".new"), content);
    Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String url(String scheme, InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return "%s://%s:%d%n"
        .formatted(scheme, host.contains(":") ? "[" + host + "]" : host, address.getPort());
  }
}
