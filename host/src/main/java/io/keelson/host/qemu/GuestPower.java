package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.qemu.agent.GuestAgent;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Asks guests to power off and to reboot. */
final class GuestPower {
  /** A power-off so long after the request to reboot is not its answer any more. */
  private static final Duration ANSWER = Duration.ofMinutes(30);

  private GuestPower() {}

  static void shutdown(LiveDomain domain) {
    requireRunning(domain);
    domain.update(record -> record.withRebootAsked(Optional.empty()));
    Runnable press = () -> domain.execute("system_powerdown");
    if (!domain.agent().end(GuestAgent.Mode.POWERDOWN, press)) {
      press.run();
    }
  }

  /** The power button cannot say "reboot", so the power-off that follows is taken for one. */
  static void reboot(LiveDomain domain) {
    requireRunning(domain);
    Runnable press =
        () -> {
          domain.update(record -> record.withRebootAsked(Optional.of(Instant.now())));
          domain.execute("system_powerdown");
        };
    if (!domain.agent().end(GuestAgent.Mode.REBOOT, press)) {
      press.run();
    }
  }

  static boolean meantReboot(DomainRecord record) {
    return record.rebootAsked().filter(at -> at.plus(ANSWER).isAfter(Instant.now())).isPresent();
  }

  private static void requireRunning(LiveDomain domain) {
    if (domain.run() == LiveDomain.Run.ENDED) {
      throw new DriverException(Reason.NOT_FOUND, "the domain has ended");
    }
    domain.require(LiveDomain.Run.RUNNING);
  }
}
