package io.keelson.store.faults;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Starts small JVMs with this one's class path, quickly: from jars and a shared class archive that
 * a first run leaves behind.
 */
final class ChildJvm {
  private final List<String> command = new ArrayList<>();

  ChildJvm(Path folder) throws IOException {
    List<String> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        jars.add(jar(path, folder.resolve("classes-" + jars.size() + ".jar")).toString());
      } else if (Files.exists(path)) {
        jars.add(entry);
      }
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-XX:-UsePerfData",
            "-XX:+AutoCreateSharedArchive",
            "-XX:SharedArchiveFile=" + folder.resolve("classes.jsa"),
            "-Xlog:disable",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            String.join(File.pathSeparator, jars)));
  }

  private static Path jar(Path classes, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> files = Files.walk(classes)) {
      for (Path path : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
        Files.copy(path, out);
        out.closeEntry();
      }
    }
    return jar;
  }

  /** The command that runs a class, with something before it if need be. */
  List<String> command(List<String> before, Class<?> main, String... arguments) {
    List<String> all = new ArrayList<>(before);
    all.addAll(command);
    all.add(main.getName());
    all.addAll(List.of(arguments));
    return all;
  }

  /** Starts a class; what it says on standard error is passed on. */
  Process start(List<String> before, Class<?> main, String... arguments) throws IOException {
    return new ProcessBuilder(command(before, main, arguments))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
