package io.keelson.testkit.box;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder that is laid out as the package lays it out, of this run's own Java and classes: {@code
 * keelson} and {@code xe} work from there, and nothing has to be built.
 */
public final class Installed {
  private static final Path CLONE = Path.of("..").toAbsolutePath().normalize();

  private Installed() {}

  /**
   * Makes the folder.
   *
   * @param parent where it is made
   */
  public static Path in(Path parent) throws IOException {
    Path home = Files.createDirectories(parent.resolve("installed"));
    for (String command : List.of("keelson", "xe")) {
      Files.copy(CLONE.resolve(command), home.resolve(command), StandardCopyOption.COPY_ATTRIBUTES);
    }
    link(home, "launcher", CLONE.resolve("launcher"));
    link(home, "jre", Path.of(System.getProperty("java.home")));
    Path lib = Files.createDirectory(home.resolve("lib"));
    List<Path> entries = entries(ServerBox.classPath());
    for (int i = 0; i < entries.size(); i++) {
      link(lib, i + ".jar", entries.get(i)); // whether it is a folder is seen by Java itself
    }
    Path _ = client(home);
    return home;
  }

  /**
   * Makes what {@code XE_HOME} names: where a clone's {@code xe} starts its client from.
   *
   * @param parent where it is made
   */
  public static Path client(Path parent) throws IOException {
    Path home = Files.createDirectories(parent.resolve("client"));
    link(home, "java", Path.of(System.getProperty("java.home"), "bin/java"));
    link(home, "cli.jar", cli());
    return home;
  }

  private static void link(Path folder, String name, Path target) throws IOException {
    Files.createSymbolicLink(folder.resolve(name), target);
  }

  /** Where this run has the client from: a jar or a folder of classes. */
  private static Path cli() {
    return entries(System.getProperty("java.class.path")).stream()
        .filter(entry ->
            entry.getFileName().toString().matches("cli-.*\\.jar")
                || Files.exists(entry.resolve("io/keelson/cli/client")))
        .findFirst()
        .orElseThrow();
  }

  private static List<Path> entries(String classPath) {
    return Stream.of(classPath.split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath())
        .distinct()
        .toList();
  }
}
