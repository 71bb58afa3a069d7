package io.keelson.control.database;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PoolRedoLog;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.storage.RedoDisks;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.List;

/** Which repository has the redo log. */
record RedoLogHandler(Store store, RedoDisks disks, RedoLog log) implements PoolRedoLog {
  private static final String NAME = "Redo log";

  /**
   * Every change that is told from when this returns is there; while HA is on, on HA's own disk. A
   * pool has one redo log: that in another repository ends.
   *
   * @throws ApiError HANDLE_INVALID, SR_NO_PBDS, SR_OPERATION_NOT_SUPPORTED, SR_FULL;
   *     CANNOT_ENABLE_REDO_LOG when the disk cannot be written
   */
  @Override
  public void enableRedoLog(Call call, Ref<Sr> sr) {
    Snapshot state = store.snapshot();
    RedoDisks.requireSupport(state, sr);
    Row<Pool> pool = OnlyPool.row(state);
    Pool before = pool.record();
    if (before.redoLogEnabled() && isIn(state, before.redoLogVdi(), sr)) {
      return;
    }
    Ref<Vdi> made = disks.create(call, sr, pool.ref(), NAME);
    try {
      log.rehearse(made);
      write(before.redoLogVdi(), made);
    } catch (ApiError failure) {
      disks.destroy(call, made);
      throw failure;
    }
    log.awaitSettled();
    destroy(call, before.redoLogVdi());
  }

  private static boolean isIn(Snapshot state, Ref<Vdi> vdi, Ref<Sr> sr) {
    return state.find(ApiModel.VDI, vdi).filter(v -> v.sr().equals(sr)).isPresent();
  }

  /** Nothing happens when there is none. */
  @Override
  public void disableRedoLog(Call call) {
    Snapshot state = store.snapshot();
    Ref<Vdi> vdi = OnlyPool.row(state).record().redoLogVdi();
    write(vdi, Ref.none());
    log.awaitSettled();
    destroy(call, vdi);
  }

  private void write(Ref<Vdi> before, Ref<Vdi> after) {
    store.change(tx -> {
      tx.update(
          ApiModel.POOL,
          OnlyPool.row(tx).ref(),
          p -> p.with(b -> b.redoLogVdi(after).redoLogEnabled(!after.isNull())));
      for (Ref<Vdi> vdi : List.of(before, after)) {
        if (tx.find(ApiModel.VDI, vdi).isPresent()) {
          tx.touch(ApiModel.VDI, vdi); // what may be done to it is another
        }
      }
    });
  }

  /** The log has ended, whether or not its disk can be reached now. */
  private void destroy(Call call, Ref<Vdi> vdi) {
    if (store.snapshot().find(ApiModel.VDI, vdi).isPresent()) {
      disks.destroy(call, vdi);
    }
  }
}
