package io.keelson.host.qemu.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.qemu.qmp.Json;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Runs programs in a guest through its agent, where its owner lets the agent do so. */
final class GuestPrograms {
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration RUN = Duration.ofSeconds(20);
  private static final long LOOK_AGAIN_NANOS = 20_000_000;

  private GuestPrograms() {}

  /**
   * How a program ended.
   *
   * @param words what it said on its error output, short
   */
  record Ended(long status, String words) {}

  /**
   * Runs a program and waits for its end.
   *
   * @param program its path in the guest
   * @throws DriverException UNSUPPORTED when the agent may not run programs, REJECTED_BY_GUEST when
   *     this one cannot be run, GUEST_SILENT when it does not end in time
   */
  static Ended run(AgentLine line, String program, List<String> arguments) {
    Json.Builder order =
        Json.object()
            .put("path", program)
            .put("arg", new Json.Items(arguments.stream().<Json>map(Json.Text::new).toList()))
            .put("capture-output", true);
    long pid = members(line.ask("guest-exec", order, ANSWER)).number("pid", -1);
    long end = System.nanoTime() + RUN.toNanos();
    while (true) {
      Json.Members status =
          members(line.ask("guest-exec-status", Json.object().put("pid", pid), ANSWER));
      if (status.isTrue("exited")) {
        // One that a signal ended has no exit code.
        return new Ended(status.number("exitcode", 255), words(status.text("err-data").orElse("")));
      }
      if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
        throw new DriverException(Reason.GUEST_SILENT, program + " does not end in the guest");
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  private static Json.Members members(Json answer) {
    if (answer instanceof Json.Members members) {
      return members;
    }
    throw new DriverException(Reason.REJECTED_BY_GUEST, "the guest's agent answers with nonsense");
  }

  private static String words(String coded) {
    try {
      return AgentReport.text(new String(Base64.getDecoder().decode(coded), UTF_8));
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
