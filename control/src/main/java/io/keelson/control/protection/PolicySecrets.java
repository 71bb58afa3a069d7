package io.keelson.control.protection;

import io.keelson.api.ApiModel;
import io.keelson.api.model.Secret;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The password for a place of archives: records hold the uuid of a secret in its stead. */
final class PolicySecrets {
  /** Marks a secret that goes with its policy. */
  private static final Map<String, String> OURS = Map.of("made_for", "VMPP");

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
    if (now.isEmpty() || find(tx, now).isPresent()) {
      return next;
    }
    String uuid = UUID.randomUUID().toString();
    tx.create(
        ApiModel.SECRET,
        ApiModel.SECRET.blank().with(b -> b.uuid(uuid).value(now).otherConfig(OURS)));
    Map<String, String> kept = new HashMap<>(next);
    kept.put(PolicyKeys.PASSWORD, uuid);
    return Map.copyOf(kept);
  }

  /** Deletes the secret that {@link #keep} made. */
  static void drop(Transaction tx, Map<String, String> settings) {
    find(tx, settings.getOrDefault(PolicyKeys.PASSWORD, ""))
        .filter(row -> row.record().otherConfig().equals(OURS))
        .ifPresent(row -> tx.delete(ApiModel.SECRET, row.ref()));
  }

  /** The password itself. */
  static String open(Snapshot state, Map<String, String> settings) {
    String kept = settings.getOrDefault(PolicyKeys.PASSWORD, "");
    return find(state, kept).map(Row::record).map(Secret::value).orElse(kept);
  }

  private static Optional<Row<Secret>> find(Snapshot state, String uuid) {
    return state
        .table(ApiModel.SECRET)
        .byUuid(uuid)
        .flatMap(r -> state.table(ApiModel.SECRET).row(r));
  }
}
