package io.keelson.host.machine;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Power;
import io.keelson.host.Trust;
import io.keelson.host.process.Program;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Turns this machine off by commands that its operator has set, and other machines on.
 *
 * @param rebootCommand run by a shell; should return at once
 * @param shutdownCommand likewise
 * @param trust in management controllers whose certificates are not known
 */
public record PowerCommands(
    Optional<String> rebootCommand, Optional<String> shutdownCommand, Trust trust)
    implements Power {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public void reboot(UUID host) {
    run(rebootCommand.orElseThrow(() -> Power.unset("reboot")));
  }

  @Override
  public void shutdown(UUID host) {
    run(shutdownCommand.orElseThrow(() -> Power.unset("shutdown")));
  }

  @Override
  public void powerOn(UUID helper, UUID host, Wake way) {
    switch (way) {
      case MagicPacket packet -> WakeOnLan.send(packet);
      case Controller controller -> RedfishReset.powerOn(controller, trust);
    }
  }

  private static void run(String command) {
    Program.Outcome outcome = Program.run(PATIENCE, List.of("sh", "-c", command));
    if (!outcome.ok()) {
      throw new DriverException(Reason.FAILED, outcome.complaint());
    }
  }
}
