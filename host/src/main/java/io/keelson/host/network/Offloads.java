package io.keelson.host.network;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.process.Program;
import java.time.Duration;
import java.util.List;

/** What an interface does for the kernel, changed through ethtool. */
final class Offloads {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private Offloads() {}

  /** Whether packets that belong together are put together when they arrive. */
  static void genericReceive(String device, boolean on) {
    Program.Outcome outcome =
        Program.run(LIMIT, List.of("ethtool", "-K", device, "gro", on ? "on" : "off"));
    if (!outcome.ok()) {
      throw new DriverException(
          Reason.UNSUPPORTED, "gro of " + device + " cannot be changed: " + outcome.complaint());
    }
  }
}
