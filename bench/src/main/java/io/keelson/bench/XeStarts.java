package io.keelson.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** How long a command of xe takes from start to end, beside a JVM that does nothing. */
final class XeStarts {
  private static final String RUNS = "50";

  private XeStarts() {}

  /** Measures both in one run of hyperfine, which prints its own table. */
  static void run(KeelsonPeer keelson, Path launcher, Path data)
      throws IOException, InterruptedException {
    keelson.start();
    String bare =
        "%s -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp %s %s"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                Path.of(Bare.class.getProtectionDomain().getCodeSource().getLocation().getPath()),
                Bare.class.getName());
    String xe = launcher.resolveSibling("xe") + " vm-list --minimal";
    ProcessBuilder hyperfine =
        new ProcessBuilder(
                List.of(
                    "hyperfine",
                    "-N",
                    "--style",
                    "basic",
                    "--warmup",
                    "5",
                    "--runs",
                    RUNS,
                    "--command-name",
                    "xe vm-list --minimal",
                    xe,
                    "--command-name",
                    "a JVM that does nothing",
                    bare))
            .inheritIO();
    hyperfine.environment().put("KEELSON_DATA", data.toString());
    int status = hyperfine.start().waitFor();
    if (status != 0) {
      throw new IOException("hyperfine ended with status " + status);
    }
  }
}
