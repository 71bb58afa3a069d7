package io.keelson.store.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.api.ErrorCode;
import io.keelson.store.Derivation;
import io.keelson.store.JournaledStore;
import io.keelson.store.Store;
import io.keelson.store.StoreConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full, and disks that fail. */
class DiskTest {
  private static final int MOST_SECONDS = 120;

  @TempDir private static Path shared;
  private static @Nullable ChildJvm jvm;

  @TempDir private Path temp;

  @BeforeAll
  static void prepare() throws IOException {
    jvm = new ChildJvm(shared);
  }

  /** Runs a {@link DiskScript} and gives back what it said. */
  private List<String> run(List<String> before, String... arguments)
      throws IOException, InterruptedException {
    Process process = Objects.requireNonNull(jvm).start(before, DiskScript.class, arguments);
    List<String> said = new ArrayList<>();
    CompletableFuture<Void> limit =
        CompletableFuture.runAsync(
            process::destroyForcibly,
            CompletableFuture.delayedExecutor(MOST_SECONDS, TimeUnit.SECONDS));
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(said::add);
    }
    process.waitFor();
    limit.cancel(false);
    return said;
  }

  private static boolean works(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static long position(Path folder) {
    try (Store store = JournaledStore.open(new StoreConfig(folder, Derivation.NONE))) {
      return Writers.position(store.snapshot(), 0);
    }
  }

  @Test
  void aFullDiskRefusesWritesUntilThereIsSpace() throws Exception {
    assumeTrue(works("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"), "no namespaces");
    Path mount = temp.resolve("disk");
    assertThat(mount.toFile().mkdir()).isTrue();
    String shell = "mount -t tmpfs -o size=6m tmpfs '" + mount + "' && exec \"$@\"";
    List<String> said =
        run(List.of("unshare", "-rm", "sh", "-c", shell, "sh"), "full", mount.toString());
    assertThat(said)
        .containsSubsequence(
            "wrote",
            "refused " + ErrorCode.OUT_OF_SPACE,
            "reads go on",
            "refused at once",
            "wrote again",
            "the same after opening again");
  }

  @Test
  void aLimitOnTheSizeOfFilesIsAFullDisk() throws Exception {
    Path folder = temp.resolve("limited");
    List<String> said =
        run(
            List.of("bash", "-c", "ulimit -f 1536; exec \"$@\"", "bash"),
            "limited",
            folder.toString());
    assertThat(said).contains("refused " + ErrorCode.OUT_OF_SPACE, "reads go on");
    assertThat(position(folder)).isEqualTo(acknowledged(said));
  }

  @Test
  void afterAFailedFlushNothingIsAcknowledged() throws Exception {
    assumeTrue(
        works("strace", "-f", "-o", "/dev/null", "-e", "trace=none", "true"), "no strace here");
    Path folder = temp.resolve("failing");
    List<String> trace =
        List.of(
            "strace",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            "trace=fdatasync",
            "-e",
            "inject=fdatasync:error=EIO:when=40..45");
    List<String> said = run(trace, "flush", folder.toString());
    assertThat(said)
        .containsSubsequence("refused " + ErrorCode.INTERNAL_ERROR, "reads go on", "wrote again");
    assertThat(position(folder)).isEqualTo(acknowledged(said));
  }

  /** The newest change that the run was told is kept. */
  private static long acknowledged(List<String> said) {
    return said.stream()
        .filter(line -> line.startsWith("acknowledged "))
        .mapToLong(line -> Long.parseLong(line.substring("acknowledged ".length())))
        .max()
        .orElseThrow();
  }
}
