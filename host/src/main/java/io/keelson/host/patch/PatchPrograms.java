package io.keelson.host.patch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Patching;
import io.keelson.host.process.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Runs patches on this machine, as the user that the server is. A shell in a session of its own
 * holds a lock while a patch runs, and notes how it ended.
 */
public final class PatchPrograms implements Patching {
  private static final Duration PRECHECK = Duration.ofMinutes(10);
  private static final Duration APPLY = Duration.ofHours(1);

  /** For what takes no time: a shell that starts another. */
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final int MOST_TEXT = 1 << 16;
  private static final String LOCK = "lock";
  private static final String LOG = "log";
  private static final String RESULT = "result";

  private static final String PRECHECK_SCRIPT =
      "cd \"$1\" && exec timeout -k 10 \"$2\" ./precheck 2>&1 </dev/null";

  /** The program itself has no part in the lock: services that it starts may stay. */
  private static final String RUN_SCRIPT =
      """
      timeout -k 10 "$1" ./apply >log 2>&1 </dev/null 9>&-
      echo $? >result.new
      sync result.new log
      mv result.new result
      """;

  private static final String APPLY_SCRIPT =
      "cd \"$1\" && exec 9>lock && flock -n 9"
          + " && exec setsid -f sh -c \"$3\" sh \"$2\" >/dev/null 2>&1 </dev/null";

  @Override
  public Ended precheck(UUID host, Path folder, Map<String, String> environment) {
    Program.Outcome outcome =
        Program.run(
            PRECHECK.plus(SOON),
            List.of("sh", "-c", PRECHECK_SCRIPT, "sh", folder.toString(), seconds(PRECHECK)),
            environment);
    return new Ended(outcome.exit(), outcome.output() + outcome.errors());
  }

  @Override
  public void apply(UUID host, Path folder, Map<String, String> environment) {
    Program.Outcome begun =
        Program.run(
            SOON,
            List.of("sh", "-c", APPLY_SCRIPT, "sh", folder.toString(), seconds(APPLY), RUN_SCRIPT),
            environment);
    if (!begun.ok()) {
      throw new DriverException(Reason.FAILED, "the patch is not begun: " + begun.complaint());
    }
  }

  @Override
  public State state(UUID host, Path folder) {
    try {
      // The result comes before the lock is let go of, so that it is looked at after the lock.
      boolean locked = isLocked(folder.resolve(LOCK));
      Path result = folder.resolve(RESULT);
      if (Files.exists(result)) {
        int exit = Integer.parseInt(Files.readString(result, UTF_8).strip());
        return new Ended(exit, start(folder.resolve(LOG)));
      }
      return locked ? new Running() : new Lost();
    } catch (IOException | NumberFormatException e) {
      throw new DriverException(Reason.FAILED, "the patch's run cannot be looked at: " + e, e);
    }
  }

  @Override
  public Over await(UUID host, Path folder) {
    while (true) {
      switch (state(host, folder)) {
        case Over over -> {
          return over;
        }
        case Running() -> awaitUnlocked(folder.resolve(LOCK));
      }
    }
  }

  private static void awaitUnlocked(Path lock) {
    Program.Outcome got = Program.run(APPLY.plus(SOON), List.of("flock", lock.toString(), "true"));
    if (!got.ok()) {
      throw new DriverException(
          Reason.FAILED, "the patch's end cannot be waited for: " + got.complaint());
    }
  }

  private static boolean isLocked(Path lock) {
    return Files.exists(lock)
        && !Program.run(SOON, List.of("flock", "-n", lock.toString(), "true")).ok();
  }

  private static String start(Path log) throws IOException {
    try (InputStream in = Files.newInputStream(log)) {
      return new String(in.readNBytes(MOST_TEXT), UTF_8);
    }
  }

  private static String seconds(Duration time) {
    return Long.toString(Math.max(1, time.toSeconds()));
  }
}
