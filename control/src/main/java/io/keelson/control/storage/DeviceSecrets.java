package io.keelson.control.storage;

import io.keelson.control.access.KeptSecrets;
import io.keelson.host.StorageFault;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Passwords in a device_config. Records hold the uuid of a secret under {@code KEY_secret}; a
 * driver is given the password itself under {@code KEY}.
 */
final class DeviceSecrets {
  private static final String SUFFIX = "_secret";
  private static final List<String> PASSWORDS =
      List.of("password", "cifspassword", "chappassword", "incoming_chappassword");

  /** They go with the connection they were made for. */
  private static final KeptSecrets OURS = new KeptSecrets("PBD");

  private DeviceSecrets() {}

  /**
   * The configuration for the driver.
   *
   * @throws io.keelson.api.ApiError SR_BACKEND_FAILURE_20 when a secret does not exist
   */
  static Map<String, String> open(Snapshot state, Map<String, String> config) {
    Map<String, String> opened = new HashMap<>(config);
    config.forEach((key, uuid) -> {
      if (key.endsWith(SUFFIX)) {
        String password =
            KeptSecrets.password(state, uuid)
                .orElseThrow(() -> {
                  StorageFault fault = StorageFault.NO_SUCH_SECRET;
                  return StorageFaults.told(fault, fault.text() + " [" + uuid + "]", "");
                });
        opened.remove(key);
        opened.put(key.substring(0, key.length() - SUFFIX.length()), password);
      }
    });
    return Map.copyOf(opened);
  }

  /** The configuration for a record: a password in it becomes a secret. */
  static Map<String, String> keep(Transaction tx, Map<String, String> config) {
    Map<String, String> kept = new HashMap<>(config);
    for (String key : PASSWORDS) {
      String password = kept.remove(key);
      if (password != null) {
        kept.put(key + SUFFIX, OURS.keep(tx, password));
      }
    }
    return Map.copyOf(kept);
  }

  /** Deletes the secrets that {@link #keep} made and that the next configuration does not name. */
  static void drop(Transaction tx, Map<String, String> config, Map<String, String> next) {
    config.forEach((key, uuid) -> {
      if (key.endsWith(SUFFIX) && !next.containsValue(uuid)) {
        OURS.drop(tx, uuid);
      }
    });
  }
}
