package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdMetrics;
import io.keelson.api.model.VbdMetricsFields;
import io.keelson.store.Transaction;
import java.util.UUID;

/** Makes and deletes drives' records, each with its metrics. */
public final class VbdRecords {
  private VbdRecords() {}

  /** Adds a drive, under a new uuid and not attached. */
  public static Ref<Vbd> create(Transaction tx, Vbd vbd) {
    Ref<VbdMetrics> metrics =
        tx.create(
            ApiModel.VBD_METRICS,
            VbdMetricsFields.API_CLASS.blank().with(b -> b.uuid(UUID.randomUUID().toString())));
    return tx.create(
        ApiModel.VBD,
        vbd.with(b ->
            b.uuid(UUID.randomUUID().toString())
                .metrics(metrics)
                .currentlyAttached(false)
                .storageLock(false)));
  }

  /** Removes a drive. */
  public static void delete(Transaction tx, Ref<Vbd> ref) {
    Ref<VbdMetrics> metrics = tx.get(ApiModel.VBD, ref).metrics();
    tx.delete(ApiModel.VBD, ref);
    if (tx.find(ApiModel.VBD_METRICS, metrics).isPresent()) {
      tx.delete(ApiModel.VBD_METRICS, metrics);
    }
  }
}
