package io.keelson.control.protection;

import io.keelson.control.access.KeptSecrets;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.HashMap;
import java.util.Map;

/** The password for a place of archives: records hold the uuid of a secret in its stead. */
final class PolicySecrets {
  /** They go with their policy. */
  private static final KeptSecrets OURS = new KeptSecrets("VMPP");

  private PolicySecrets() {}

  /** The settings as they are kept, when these take the place of others. */
  static Map<String, String> keep(
      Transaction tx, Map<String, String> before, Map<String, String> next) {
    String old = before.getOrDefault(PolicyKeys.PASSWORD, "");
    String now = next.getOrDefault(PolicyKeys.PASSWORD, "");
    if (now.equals(old)) {
      return next;
    }
    drop(tx, before);
    if (now.isEmpty() || KeptSecrets.password(tx, now).isPresent()) {
      return next;
    }
    Map<String, String> kept = new HashMap<>(next);
    kept.put(PolicyKeys.PASSWORD, OURS.keep(tx, now));
    return Map.copyOf(kept);
  }

  /** Deletes the secret that {@link #keep} made. */
  static void drop(Transaction tx, Map<String, String> settings) {
    OURS.drop(tx, settings.getOrDefault(PolicyKeys.PASSWORD, ""));
  }

  /** The password itself. */
  static String open(Snapshot state, Map<String, String> settings) {
    String kept = settings.getOrDefault(PolicyKeys.PASSWORD, "");
    return KeptSecrets.password(state, kept).orElse(kept);
  }
}
