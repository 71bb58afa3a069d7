package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Secret;
import io.keelson.api.model.SecretFields;
import io.keelson.host.StorageFault;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Passwords in a device_config. Records hold the uuid of a secret under {@code KEY_secret}; a
 * driver is given the password itself under {@code KEY}.
 */
final class DeviceSecrets {
  private static final String SUFFIX = "_secret";
  private static final List<String> PASSWORDS =
      List.of("password", "cifspassword", "chappassword", "incoming_chappassword");

  /** Marks a secret that goes with the connection it was made for. */
  private static final Map<String, String> OURS = Map.of("made_for", "PBD");

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
        Secret secret =
            find(state, uuid)
                .map(Row::record)
                .orElseThrow(() -> {
                  StorageFault fault = StorageFault.NO_SUCH_SECRET;
                  return StorageFaults.told(fault, fault.text() + " [" + uuid + "]", "");
                });
        opened.remove(key);
        opened.put(key.substring(0, key.length() - SUFFIX.length()), secret.value());
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
        String uuid = UUID.randomUUID().toString();
        Secret blank = SecretFields.API_CLASS.blank();
        tx.create(ApiModel.SECRET, blank.with(b -> b.uuid(uuid).value(password).otherConfig(OURS)));
        kept.put(key + SUFFIX, uuid);
      }
    }
    return Map.copyOf(kept);
  }

  /** Deletes the secrets that {@link #keep} made and that the next configuration does not name. */
  static void drop(Transaction tx, Map<String, String> config, Map<String, String> next) {
    config.forEach((key, uuid) -> {
      if (key.endsWith(SUFFIX) && !next.containsValue(uuid)) {
        find(tx, uuid)
            .filter(row -> row.record().otherConfig().equals(OURS))
            .map(Row::ref)
            .ifPresent(secret -> delete(tx, secret));
      }
    });
  }

  private static void delete(Transaction tx, Ref<Secret> secret) {
    tx.delete(ApiModel.SECRET, secret);
  }

  private static Optional<Row<Secret>> find(Snapshot state, String uuid) {
    return state.rows(ApiModel.SECRET).filter(r -> r.record().uuid().equals(uuid)).findFirst();
  }
}
