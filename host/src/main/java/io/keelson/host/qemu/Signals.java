package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Trigger;
import io.keelson.host.qemu.qmp.Json;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The buttons and keys of a machine. */
final class Signals {
  private Signals() {}

  static void trigger(LiveDomain domain, Trigger trigger) {
    domain.require(LiveDomain.Run.RUNNING);
    switch (trigger) {
      case NMI -> domain.execute("inject-nmi");
      case POWER -> {
        // What was asked for before is not what the button is pressed for now.
        domain.update(record -> record.withRebootAsked(Optional.empty()));
        domain.execute("system_powerdown");
      }
      case SLEEP -> press(domain, "sleep");
      case RESET -> domain.execute("system_reset");
    }
  }

  static void sysrq(LiveDomain domain, char key) {
    domain.require(LiveDomain.Run.RUNNING);
    if (!(key >= 'a' && key <= 'z') && !(key >= '0' && key <= '9')) {
      throw new DriverException(Reason.INVALID, "SysRq has letters and digits only");
    }
    press(domain, "alt", "sysrq", String.valueOf(key));
  }

  private static void press(LiveDomain domain, String... keys) {
    List<Json> codes =
        Stream.of(keys)
            .<Json>map(key -> Json.object().put("type", "qcode").put("data", key).build())
            .toList();
    domain.execute("send-key", Json.object().put("keys", new Json.Items(codes)));
  }
}
