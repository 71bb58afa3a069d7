package io.keelson.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * Servers whose certificates their user has agreed to: a file with a line for each, {@code
 * HOST:PORT FINGERPRINT}.
 */
record KnownServers(Path file) {
  static KnownServers of(Map<String, String> environment) {
    String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path folder =
        config.isEmpty()
            ? Path.of(environment.getOrDefault("HOME", "/"), ".config")
            : Path.of(config);
    return new KnownServers(folder.resolve("keelson/known_servers"));
  }

  Optional<Fingerprint> find(String host, int port) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String begin = name(host, port) + " ";
    for (String line : Files.readAllLines(file, UTF_8)) {
      if (line.startsWith(begin)) {
        return Optional.of(Fingerprint.parse(line.substring(begin.length()).strip()));
      }
    }
    return Optional.empty();
  }

  void add(String host, int port, Fingerprint fingerprint) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException _) {
      // Another line for it.
    }
    Files.writeString(
        file, name(host, port) + " " + fingerprint.text() + "\n", StandardOpenOption.APPEND);
  }

  static String name(String host, int port) {
    return host + ":" + port;
  }
}
