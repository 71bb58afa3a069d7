package io.keelson.control.alert.alarm;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Bond;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Message;
import io.keelson.api.model.Pif;
import io.keelson.control.alert.Alert;
import io.keelson.control.alert.Alerts;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells when links of a bond are lost or come back. */
final class BondWatch {
  private final Alerts alerts;
  private Map<Ref<Bond>, Links> known = new HashMap<>();

  BondWatch(Alerts alerts) {
    this.alerts = alerts;
  }

  private record Links(long up, long all) {
    static Links of(Bond bond) {
      return new Links(bond.linksUp(), bond.slaves().size());
    }

    String text() {
      return up + "/" + all;
    }
  }

  /** Whether there is something to tell. */
  boolean changed(Snapshot state) {
    boolean changed =
        state
            .rows(ApiModel.BOND)
            .anyMatch(row ->
                known.containsKey(row.ref())
                    && !Links.of(row.record()).equals(known.get(row.ref())));
    if (!changed) {
      remember(state);
    }
    return changed;
  }

  void tell(Transaction tx) {
    for (Row<Bond> row : tx.rows(ApiModel.BOND).toList()) {
      Links before = known.get(row.ref());
      Links now = Links.of(row.record());
      if (before != null && !before.equals(now)) {
        tell(tx, row.record(), before, now);
      }
    }
    remember(tx);
  }

  private void tell(Transaction tx, Bond bond, Links before, Links now) {
    Pif master = tx.get(ApiModel.PIF, bond.master());
    String devices =
        bond.slaves().stream()
            .map(pif -> tx.get(ApiModel.PIF, pif).device())
            .sorted()
            .collect(Collectors.joining("+"));
    Ref<Message> _ =
        alerts.raise(
            tx,
            Alert.BOND_STATUS_CHANGED,
            Cls.HOST,
            tx.get(ApiModel.HOST, master.host()).uuid(),
            "The status of the %s bond changed: %s up (was %s)"
                .formatted(devices, now.text(), before.text()));
  }

  private void remember(Snapshot state) {
    Map<Ref<Bond>, Links> now = new HashMap<>();
    state.rows(ApiModel.BOND).forEach(row -> now.put(row.ref(), Links.of(row.record())));
    known = now;
  }
}
