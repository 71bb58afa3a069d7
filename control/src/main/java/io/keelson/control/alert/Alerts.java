package io.keelson.control.alert;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Message;
import io.keelson.store.Row;
import io.keelson.store.Transaction;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Raises alerts, in the transaction of what they tell of: neither is there without the other.
 *
 * @param clock that says when
 */
public record Alerts(Clock clock) {
  /** As many as are kept; the newest. */
  static final int MOST = 10_000;

  /** So many more may gather before the oldest go, all at once. */
  static final int SLACK = 500;

  /** Characters that their bodies may have together. */
  private static final long MOST_TEXT = 16L << 20;

  /** Raises an alert of the product's own, about the object of that uuid. */
  public Ref<Message> raise(Transaction tx, Alert alert, Cls cls, String uuid, String body) {
    return raise(tx, alert.name(), alert.priority(), cls, uuid, body);
  }

  /** Raises any alert; the rules for its parts are the caller's. */
  public Ref<Message> raise(
      Transaction tx, String name, long priority, Cls cls, String uuid, String body) {
    if (tx.table(ApiModel.MESSAGE).size() >= MOST + SLACK) {
      trim(tx);
    }
    return tx.create(
        ApiModel.MESSAGE,
        Message.builder()
            .uuid(UUID.randomUUID().toString())
            .name(name)
            .priority(priority)
            .cls(cls)
            .objUuid(uuid)
            .body(body)
            .timestamp(clock.instant().truncatedTo(ChronoUnit.SECONDS))
            .build());
  }

  /** Removes the oldest beyond what is kept. */
  static void trim(Transaction tx) {
    List<Row<Message>> newestFirst =
        tx.rows(ApiModel.MESSAGE)
            .sorted(Comparator.<Row<Message>>comparingLong(Row::created).reversed())
            .toList();
    long text = 0;
    for (int i = 0; i < newestFirst.size(); i++) {
      text += newestFirst.get(i).record().body().length();
      if (i >= MOST || text > MOST_TEXT) {
        tx.delete(ApiModel.MESSAGE, newestFirst.get(i).ref());
      }
    }
  }

  /** Whether {@link #trim} would remove any. */
  static boolean tooMany(List<Message> all) {
    return all.size() > MOST || all.stream().mapToLong(m -> m.body().length()).sum() > MOST_TEXT;
  }
}
