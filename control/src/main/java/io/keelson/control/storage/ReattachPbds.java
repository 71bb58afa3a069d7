package io.keelson.control.storage;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Host;
import io.keelson.api.model.Message;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Sr;
import io.keelson.control.Resources;
import io.keelson.control.alert.Alert;
import io.keelson.control.alert.Alerts;
import io.keelson.host.DriverException;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attaches again, when the server starts, the repositories that were attached when it ended. One
 * that cannot be is recorded as not attached, and the others go on.
 */
public final class ReattachPbds {
  private static final Logger LOG = LoggerFactory.getLogger(ReattachPbds.class);

  private ReattachPbds() {}

  /** To be called before domains are adopted and before the server serves. */
  public static void run(Resources resources) {
    StorageDrivers drivers = new StorageDrivers(resources.drivers().storages());
    Alerts alerts = new Alerts(resources.clock());
    Snapshot state = resources.store().snapshot();
    List<Ref<Pbd>> lost = new ArrayList<>();
    for (Row<Pbd> row : state.rows(ApiModel.PBD).toList()) {
      if (row.record().currentlyAttached() && !attach(drivers, state, row.record())) {
        lost.add(row.ref());
      }
    }
    if (!lost.isEmpty()) {
      resources
          .store()
          .change(tx ->
              lost.forEach(pbd ->
                  tell(
                      tx,
                      alerts,
                      tx.update(ApiModel.PBD, pbd, p -> p.with(b -> b.currentlyAttached(false))))));
    }
  }

  private static void tell(Transaction tx, Alerts alerts, Pbd lost) {
    Sr sr = tx.get(ApiModel.SR, lost.sr());
    Host host = tx.get(ApiModel.HOST, lost.host());
    Ref<Message> _ =
        alerts.raise(
            tx,
            Alert.PBD_PLUG_FAILED_ON_SERVER_START,
            Cls.HOST,
            host.uuid(),
            "SR '%s' (uuid: %s) could not be attached to host '%s' when its server started"
                .formatted(sr.nameLabel(), sr.uuid(), host.nameLabel()));
  }

  private static boolean attach(StorageDrivers drivers, Snapshot state, Pbd pbd) {
    try {
      drivers.attach(
          SrAccess.at(state, pbd.sr(), pbd.host()), DeviceSecrets.open(state, pbd.deviceConfig()));
      return true;
    } catch (ApiError | DriverException failure) {
      LOG.warn("repository {} cannot be attached: {}", pbd.sr(), failure.getMessage());
      return false;
    }
  }
}
