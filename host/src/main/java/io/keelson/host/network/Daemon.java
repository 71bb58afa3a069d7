package io.keelson.host.network;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program that goes on in the background, known by the file that it keeps its number in. It
 * outlives this process, and a later one finds it.
 *
 * @param pidFile which its command line names
 */
record Daemon(Path pidFile) {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** Starts it; it has gone into the background when this returns. */
  void start(List<String> command) {
    Outcome outcome = Program.run(LIMIT, command);
    if (!outcome.ok()) {
      throw new DriverException(Reason.FAILED, command.getFirst() + ": " + outcome.complaint());
    }
  }

  /** Its process, if it runs. */
  Optional<ProcessHandle> process() {
    try {
      long pid = Long.parseLong(Files.readString(pidFile).strip());
      String line =
          new String(
              Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8);
      return line.contains(pidFile.toString()) ? ProcessHandle.of(pid) : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Lets it read its files again. */
  void reload() {
    process().ifPresent(p -> Program.run(LIMIT, List.of("sh", "-c", "kill -HUP " + p.pid())));
  }

  /** Ends it if it runs. */
  void stop() {
    process().ifPresent(Daemon::end);
  }

  private static void end(ProcessHandle process) {
    CompletableFuture<ProcessHandle> ended = process.onExit();
    process.destroy();
    ended.completeOnTimeout(process, LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }
}
