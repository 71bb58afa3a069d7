package io.keelson.conformance.loan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Set;
import java.util.stream.Stream;

/** The data folder of a server on this machine, with the plugins and keys that a run puts there. */
final class ServerFolder implements AutoCloseable {
  /** What all plugins of a run are called, and its keys' file. */
  static final String NAME = "keelson-conformance";

  /** Answers with the name of the function that it was called for. */
  private static final String PLUGIN =
      """
      #!/bin/sh
      function=${1#*<methodName>}
      function=${function%%</methodName>*}
      printf '%s' "<?xml version='1.0'?><methodResponse><params><param><value><struct>"
      printf '%s' "<member><name>Status</name><value>Success</value></member>"
      printf '%s' "<member><name>Value</name><value>$function answered</value></member>"
      printf '%s' "</struct></value></param></params></methodResponse>"
      """;

  /** Nobody but the owner may write, or the server would not run it. */
  private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rwxr-xr-x");

  /** Whoever the server runs as writes archives there. */
  private static final Set<PosixFilePermission> OPEN = PosixFilePermissions.fromString("rwxrwxrwx");

  private final Path data;
  private final Path archives;
  private final Deque<Path> made = new ArrayDeque<>();

  ServerFolder(Path data, Authority maker) throws IOException, GeneralSecurityException {
    this.data = data;
    put("patches/keys", NAME + ".pem", maker.certificate());
    put("plugins/host", NAME, PLUGIN);
    put("plugins/host", "conversion", PLUGIN);
    put("plugins/vm", NAME, PLUGIN);
    put("plugins/vm", "services", PLUGIN);
    archives = Files.createDirectory(data.resolve(NAME + "-archives"));
    Files.setPosixFilePermissions(archives, OPEN);
  }

  /** An empty folder for archives of VMs. */
  Path archives() {
    return archives;
  }

  /** What is there already stays as it is. */
  private void put(String folder, String name, String content) throws IOException {
    Path place = data;
    for (Path part : Path.of(folder)) {
      place = place.resolve(part);
      makeFolder(place);
    }
    Path file = place.resolve(name);
    if (!Files.exists(file)) {
      Files.writeString(file, content);
      Files.setPosixFilePermissions(file, MODE);
      made.push(file);
    }
  }

  private void makeFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(folder);
      Files.setPosixFilePermissions(folder, MODE);
      made.push(folder);
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(archives)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
    while (!made.isEmpty()) {
      Path file = made.pop();
      if (!Files.isDirectory(file) || isEmpty(file)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }
}
