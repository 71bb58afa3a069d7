package io.keelson.control.database;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Message;
import io.keelson.control.alert.Alert;
import io.keelson.control.alert.Alerts;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Row;
import io.keelson.store.Store;
import java.time.Clock;
import java.util.Comparator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells users that the redo log cannot be written, and that it can be again; each once. */
final class RedoAlerts {
  private static final Logger LOG = LoggerFactory.getLogger(RedoAlerts.class);

  private final Store store;
  private final Alerts alerts;

  RedoAlerts(Store store, Clock clock) {
    this.store = store;
    this.alerts = new Alerts(clock);
  }

  void broken(String why) {
    if (!isToldBroken()) {
      tell(Alert.REDO_LOG_BROKEN, why);
    }
  }

  void healthy() {
    if (isToldBroken()) {
      tell(Alert.REDO_LOG_HEALTHY, "The redo log can be written again");
    }
  }

  /** Whether the newest alert about redo logs is that one is broken. */
  private boolean isToldBroken() {
    return store
        .snapshot()
        .rows(ApiModel.MESSAGE)
        .filter(row -> row.record().name().startsWith("REDO_LOG_"))
        .max(Comparator.comparingLong(Row::created))
        .filter(row -> row.record().name().equals(Alert.REDO_LOG_BROKEN.name()))
        .isPresent();
  }

  private void tell(Alert alert, String body) {
    try {
      store.change(tx -> {
        String uuid = OnlyPool.row(tx).record().uuid();
        Ref<Message> _ = alerts.raise(tx, alert, Cls.POOL, uuid, body);
      });
    } catch (ApiError e) {
      LOG.warn("{} is told to nobody: {}", alert, e.getMessage());
    }
  }
}
