package io.keelson.testkit.box;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What the script {@code xe} starts its client from where nothing has been installed or built by
 * the launcher: this run's own Java and classes.
 */
public final class XeHome {
  private XeHome() {}

  /**
   * Makes the folder that goes into {@code XE_HOME}.
   *
   * @param parent where it is made
   */
  public static Path in(Path parent) throws IOException {
    Path home = Files.createDirectories(parent.resolve("xe-home"));
    Files.createSymbolicLink(
        home.resolve("java"), Path.of(System.getProperty("java.home"), "bin/java"));
    Files.createSymbolicLink(home.resolve("cli.jar"), classes());
    return home;
  }

  /** Where this run has the client from: a jar or a folder of classes. */
  private static Path classes() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(entry ->
            entry.getFileName().toString().matches("cli-.*\\.jar")
                || Files.exists(entry.resolve("io/keelson/cli/client")))
        .findFirst()
        .orElseThrow();
  }
}
