package io.keelson.control.storage;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.Vdi;
import io.keelson.control.Recovery;
import io.keelson.control.Resources;
import io.keelson.control.operation.Claims;
import io.keelson.host.DriverException;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up storage where the last run of the server left it: repositories are attached again, forks
 * that were not settled are undone, and objects are released from operations that nobody will end.
 */
public record StorageRecovery(Resources resources) implements Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(StorageRecovery.class);

  /** As many as a VM has drives. */
  private static final int MOST_MISSING = 256;

  @Override
  public void recover() {
    ReattachPbds.run(resources);
    Snapshot state = resources.store().snapshot();
    state
        .rows(ApiModel.VDI)
        .filter(row -> !row.record().currentOperations().isEmpty())
        .forEach(row -> undoForks(state, row));
    state
        .rows(ApiModel.SR)
        .filter(row -> !row.record().currentOperations().isEmpty())
        .forEach(row -> undoCreations(state, row));
    state
        .rows(ApiModel.VDI)
        .forEach(
            row -> Moved.of(row.record().smConfig()).ifPresent(from -> leave(state, row, from)));
    boolean claimed =
        state.rows(ApiModel.VDI).anyMatch(r -> !r.record().currentOperations().isEmpty())
            || state.rows(ApiModel.VBD).anyMatch(r -> !r.record().currentOperations().isEmpty())
            || state.rows(ApiModel.SR).anyMatch(r -> !r.record().currentOperations().isEmpty());
    if (claimed) {
      resources.store().change(StorageRecovery::release);
    }
  }

  private void undoForks(Snapshot state, Row<Vdi> row) {
    row.record()
        .currentOperations()
        .forEach((task, operation) -> {
          switch (operation) {
            case CLONE, SNAPSHOT -> undoFork(state, row, task);
            case COPY, BLOCKED -> undoCopies(state, row.record(), task);
            case SCAN,
                RESIZE,
                RESIZE_ONLINE,
                DESTROY,
                FORGET,
                UPDATE,
                FORCE_UNLOCK,
                GENERATE_CONFIG -> {}
          }
        });
  }

  /** A copy that was being written lies in a repository that the same task works on. */
  private void undoCopies(Snapshot state, Vdi vdi, String task) {
    state
        .rows(ApiModel.SR)
        .filter(sr -> sr.record().currentOperations().containsKey(task))
        .forEach(sr -> destroy(state, sr.ref(), ForkVdi.copyVolume(task, vdi)));
  }

  /** A disk that had moved already, but whose old volume may still be there. */
  private void leave(Snapshot state, Row<Vdi> row, Moved from) {
    Optional<Ref<Sr>> sr = state.table(ApiModel.SR).byUuid(from.sr().toString());
    sr.ifPresent(ref -> destroy(state, ref, from.volume()));
    resources
        .store()
        .change(tx ->
            tx.update(
                ApiModel.VDI,
                row.ref(),
                v -> v.with(b -> b.smConfig(Moved.arrived(v.smConfig())))));
  }

  private void destroy(Snapshot state, Ref<Sr> sr, UUID volume) {
    StorageDrivers drivers = new StorageDrivers(resources.drivers().storages());
    try {
      drivers.destroy(SrAccess.anywhere(state, sr), volume);
    } catch (ApiError | DriverException failure) {
      LOG.error("volume {} of {} stays: {}", volume, sr, failure.getMessage());
    }
  }

  private void undoFork(Snapshot state, Row<Vdi> row, String task) {
    Vdi vdi = row.record();
    StorageDrivers drivers = new StorageDrivers(resources.drivers().storages());
    try {
      SrAccess at = SrAccess.anywhere(state, vdi.sr());
      drivers.with(
          at,
          driver -> {
            driver.undoFork(at.host(), at.sr(), Volumes.id(vdi), ForkVdi.copyVolume(task, vdi));
            return driver;
          });
    } catch (ApiError | DriverException failure) {
      LOG.error("the fork of disk {} cannot be undone: {}", row.ref(), failure.getMessage());
    }
  }

  /** Disks that were being made never came to be. */
  private void undoCreations(Snapshot state, Row<Sr> row) {
    row.record()
        .currentOperations()
        .forEach((task, operation) -> {
          if (operation == StorageOperations.VDI_CREATE) {
            try {
              undoCreations(SrAccess.anywhere(state, row.ref()), task);
            } catch (ApiError | DriverException failure) {
              LOG.error("disks of {} cannot be undone: {}", row.ref(), failure.getMessage());
            }
          }
        });
  }

  /** A task may have named disks of several repositories, so that numbers are missing here. */
  private void undoCreations(SrAccess at, String task) {
    StorageDrivers drivers = new StorageDrivers(resources.drivers().storages());
    boolean there = true;
    for (int number = 0; there || number < MOST_MISSING; number++) {
      there = drivers.destroyed(at, Claims.name(task, number));
      if (there) {
        LOG.info("destroyed a disk of repository {}: nobody finished it", at.ref());
      }
    }
  }

  private static void release(Transaction tx) {
    for (Ref<Vdi> ref : tx.rows(ApiModel.VDI).map(Row::ref).toList()) {
      if (!tx.get(ApiModel.VDI, ref).currentOperations().isEmpty()) {
        tx.update(ApiModel.VDI, ref, v -> v.with(b -> b.currentOperations(Map.of())));
      }
    }
    for (var ref : tx.rows(ApiModel.VBD).map(Row::ref).toList()) {
      if (!tx.get(ApiModel.VBD, ref).currentOperations().isEmpty()) {
        tx.update(ApiModel.VBD, ref, v -> v.with(b -> b.currentOperations(Map.of())));
      }
    }
    for (var ref : tx.rows(ApiModel.SR).map(Row::ref).toList()) {
      if (!tx.get(ApiModel.SR, ref).currentOperations().isEmpty()) {
        tx.update(ApiModel.SR, ref, s -> s.with(b -> b.currentOperations(Map.of())));
      }
    }
  }
}
