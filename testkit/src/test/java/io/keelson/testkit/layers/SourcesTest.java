package io.keelson.testkit.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How the sources look, where the compiler does not mind. */
class SourcesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int MOST_LINES = 800;

  /** Tests in which time passes on purpose: nobody waits for anything there. */
  private static final Set<String> MAY_SLEEP = Set.of();

  @Test
  void everyFileIsReadInOneSitting() throws IOException {
    assertThat(offenders("src", file -> lines(file).size() > MOST_LINES)).isEmpty();
  }

  @Test
  void testsWaitForThingsAndNotForTime() throws IOException {
    assertThat(
            offenders(
                "src/test",
                file ->
                    !MAY_SLEEP.contains(file.getFileName().toString())
                        && !file.endsWith("SourcesTest.java")
                        && lines(file).stream().anyMatch(line -> line.contains("Thread.sleep"))))
        .isEmpty();
  }

  @Test
  void everyPackageRefusesNulls() throws IOException {
    assertThat(offenders("src", file -> !refusesNulls(file))).isEmpty();
  }

  /** A package of tests may be described where the sources that it tests are. */
  private static boolean refusesNulls(Path file) {
    Path description = file.resolveSibling("package-info.java");
    return Stream.of(
            description, Path.of(description.toString().replace("/src/test/", "/src/main/")))
        .filter(Files::exists)
        .flatMap(found -> lines(found).stream())
        .anyMatch(line -> line.startsWith("@NullMarked"));
  }

  private static List<String> offenders(String part, Predicate<Path> offends) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(ROOT::relativize)
          .filter(file -> file.toString().contains("/" + part + "/"))
          .filter(file -> !file.toString().contains("/target/"))
          .filter(file -> offends.test(ROOT.resolve(file)))
          .map(Path::toString)
          .toList();
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
