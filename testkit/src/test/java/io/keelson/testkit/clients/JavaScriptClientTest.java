package io.keelson.testkit.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The client that Xen Orchestra is built on. */
@RunsOn(hosts = 1)
@EnabledIf(value = "nodeIsThere", disabledReason = "neither node nor npm")
class JavaScriptClientTest {
  private static final Path SOURCES = Path.of("src/test/npm").toAbsolutePath();
  private static final Path INSTALLED = Path.of("target/npm").toAbsolutePath();

  @TempDir private Path scratch;

  private final ServerBox box;

  JavaScriptClientTest(ServerBox box) {
    this.box = box;
  }

  static boolean nodeIsThere() {
    return Stream.of("node", "npm")
        .allMatch(program ->
            Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))));
  }

  @Test
  void cacheFillsWatchSeesAndTasksAreAwaited() throws Exception {
    install();
    String address = box.api().toString().replaceAll("/$", "");

    String output = run(120, "node", "client.mjs", address, ServerBox.PASSWORD);

    assertThat(output.lines().map(line -> line.split(" ")[0]))
        .containsSubsequence(
            "connected",
            "objects",
            "cloned",
            "cached",
            "watched",
            "refused",
            "changed",
            "removed",
            "disconnected");
  }

  /** What the lock file names, from npm's cache where it is there. */
  private void install() throws Exception {
    Files.createDirectories(INSTALLED);
    boolean changed = false;
    for (String file : List.of("package.json", "package-lock.json", "client.mjs")) {
      Path source = SOURCES.resolve(file);
      Path target = INSTALLED.resolve(file);
      boolean same = Files.exists(target) && Files.mismatch(source, target) < 0;
      changed |= !same && file.endsWith(".json");
      Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
    }
    if (changed || !Files.exists(INSTALLED.resolve("node_modules/xen-api"))) {
      run(300, "npm", "ci", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts");
    }
  }

  private String run(int seconds, String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(scratch, "output", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(INSTALLED.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(seconds, TimeUnit.SECONDS)).as(String.join(" ", command)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(output);
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }
}
