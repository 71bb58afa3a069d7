package io.keelson.host.storage;

import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import java.time.Duration;
import java.util.List;

/** Runs a program whose failure is an answer too. */
final class Run {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private Run() {}

  static Outcome quietly(List<String> command) {
    return Program.run(LIMIT, command);
  }
}
