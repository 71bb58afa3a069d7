package io.keelson.control.host;

import io.keelson.api.ApiModel;
import io.keelson.api.model.Host;
import io.keelson.control.gpu.BootStates;
import io.keelson.host.Machine;
import io.keelson.store.Row;
import io.keelson.store.Store;
import java.util.HashMap;
import java.util.Map;

/** What follows when a host comes up again. */
public final class HostStates {
  /** other_config: which boot of its machine a host was last seen in. */
  private static final String BOOT_ID = "boot_id";

  private HostStates() {}

  /**
   * The host as it is in a boot of its machine: after a new one it takes VMs again, whether or not
   * it was disabled before.
   */
  public static Host in(Host host, Machine.Facts machine) {
    boolean another = isAnother(host, machine);
    Map<String, String> config = new HashMap<>(host.otherConfig());
    config.put(BOOT_ID, machine.bootId());
    config.put("boot_time", machine.bootTime().getEpochSecond() + ".");
    return host.with(b -> b.otherConfig(Map.copyOf(config)).enabled(another || host.enabled()));
  }

  /** Whether the host's machine has booted since it was last seen. */
  public static boolean isAnother(Host host, Machine.Facts machine) {
    return host.otherConfig().containsKey(BOOT_ID) && !isIn(host, machine);
  }

  /**
   * Notes that the host's machine has booted, if it has since it was last seen.
   *
   * @return whether it has
   */
  public static boolean notice(Store store, Row<Host> host, Machine.Facts machine) {
    if (isIn(host.record(), machine)) {
      return false;
    }
    store.change(tx -> {
      if (tx.find(ApiModel.HOST, host.ref()).isPresent()) {
        if (isAnother(tx.get(ApiModel.HOST, host.ref()), machine)) {
          BootStates.booted(tx, host.ref());
        }
        tx.update(ApiModel.HOST, host.ref(), record -> in(record, machine));
      }
    });
    return true;
  }

  private static boolean isIn(Host host, Machine.Facts machine) {
    return machine.bootId().equals(host.otherConfig().get(BOOT_ID));
  }
}
