package io.keelson.control.access;

import io.keelson.api.ApiModel;
import io.keelson.api.model.Secret;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Secrets that the server makes of passwords given in settings: a record then holds the secret's
 * uuid. Those of a client's own are read alike and never dropped.
 *
 * @param madeFor what the settings belong to, by which these secrets are told from a client's
 */
public record KeptSecrets(String madeFor) {
  private static final String MARK = "made_for";

  /** Makes a secret of a password, and says its uuid. */
  public String keep(Transaction tx, String password) {
    String uuid = UUID.randomUUID().toString();
    tx.create(
        ApiModel.SECRET,
        ApiModel.SECRET.blank().with(b -> b.uuid(uuid).value(password).otherConfig(mark())));
    return uuid;
  }

  /** Deletes the secret of that uuid, if it is one of these. */
  public void drop(Transaction tx, String uuid) {
    find(tx, uuid)
        .filter(row -> row.record().otherConfig().equals(mark()))
        .ifPresent(row -> tx.delete(ApiModel.SECRET, row.ref()));
  }

  /** What a secret says, whoever made it. */
  public static Optional<String> password(Snapshot state, String uuid) {
    return find(state, uuid).map(Row::record).map(Secret::value);
  }

  private Map<String, String> mark() {
    return Map.of(MARK, madeFor);
  }

  private static Optional<Row<Secret>> find(Snapshot state, String uuid) {
    return state
        .table(ApiModel.SECRET)
        .byUuid(uuid)
        .flatMap(ref -> state.table(ApiModel.SECRET).row(ref));
  }
}
