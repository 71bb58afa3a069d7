package io.keelson.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the server of this machine, by what it says in its data folder. */
final class LocalServer {
  private static final String SOCKET = "socket=";

  private LocalServer() {}

  /**
   * The socket of the first server that runs, of the usual data folders.
   *
   * @throws ClientException when none does
   */
  static Server.Local find(Map<String, String> environment) throws IOException {
    List<Path> folders = folders(environment);
    for (Path folder : folders) {
      Optional<Path> socket = socket(folder.resolve("run/server.endpoints"));
      if (socket.isPresent()) {
        return new Server.Local(socket.get());
      }
    }
    StringBuilder looked = new StringBuilder();
    folders.forEach(folder -> looked.append(looked.isEmpty() ? "" : ", ").append(folder));
    throw ClientException.failed(
        "No server runs here, as far as its data folder tells (looked into "
            + looked
            + ").\nSay where one is with -s, or where its data is with KEELSON_DATA.");
  }

  private static List<Path> folders(Map<String, String> environment) {
    String data = environment.getOrDefault("KEELSON_DATA", "");
    if (!data.isEmpty()) {
      return List.of(Path.of(data));
    }
    List<Path> folders = new ArrayList<>();
    String home = environment.getOrDefault("HOME", "");
    if (!home.isEmpty()) {
      folders.add(Path.of(home, ".local/share/keelson"));
    }
    folders.add(Path.of("/var/lib/keelson"));
    return folders;
  }

  private static Optional<Path> socket(Path endpoints) throws IOException {
    if (!Files.isReadable(endpoints)) {
      return Optional.empty();
    }
    for (String line : Files.readAllLines(endpoints, UTF_8)) {
      if (line.startsWith(SOCKET)) {
        return Optional.of(Path.of(line.substring(SOCKET.length())));
      }
    }
    return Optional.empty();
  }

  /** Whether the server at a socket knows this user as root, without a password. */
  static boolean trusts(Path socket) {
    try {
      var own = Files.getOwner(Path.of("/proc/self"));
      return own.getName().equals("root") || own.equals(Files.getOwner(socket));
    } catch (IOException _) {
      return false;
    }
  }
}
