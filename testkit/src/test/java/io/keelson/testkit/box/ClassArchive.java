package io.keelson.testkit.box;

import io.keelson.store.codec.DurableFiles;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The server's classes, loaded and linked once in each run of tests: with them each of its many
 * starts takes two thirds of the time. The JVM writes such an archive only when all of the class
 * path are jars; elsewhere, as in a development environment, servers start without.
 */
public final class ClassArchive {
  /** Names the archive of a run to its JVMs that are tests' machines of their own. */
  private static final String PROPERTY = "keelson.testkit.classes";

  private static final Optional<Path> FILE =
      Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of).or(ClassArchive::make);

  private ClassArchive() {}

  /** What a JVM needs to be told to start with the archive. */
  static List<String> flags() {
    return FILE.map(file -> List.of("-XX:SharedArchiveFile=" + file)).orElse(List.of());
  }

  /** What another JVM of this run needs to be told, for its servers to start with the archive. */
  public static List<String> inherited() {
    return FILE.map(file -> List.of("-D" + PROPERTY + "=" + file)).orElse(List.of());
  }

  private static Optional<Path> make() {
    if (Stream.of(ServerBox.classPath().split(File.pathSeparator))
        .anyMatch(entry -> Files.isDirectory(Path.of(entry)))) {
      return Optional.empty();
    }
    try {
      Path folder = Files.createTempDirectory("keelson-classes");
      Path file = folder.resolve("server.jsa");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      try (ServerBox box = ServerBox.simulated(folder, 1)) {
        box.start(List.of("-XX:ArchiveClassesAtExit=" + file, "-Xlog:cds=off", "-Xlog:aot=off"));
        box.stop();
      }
      return Optional.of(file).filter(Files::exists);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try {
      DurableFiles.removeTree(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
