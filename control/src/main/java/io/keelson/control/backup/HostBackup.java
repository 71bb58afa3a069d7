package io.keelson.control.backup;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.control.database.dump.RestoreTarget;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Derivation;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.StoreException;
import io.keelson.store.codec.FullDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/** Backs up what a host's toolstack keeps, and restores it with the next start. */
public final class HostBackup {
  private final Store store;
  private final Derivation derivation;
  private final Path data;
  private final Clock clock;
  private final ReentrantLock restoring = new ReentrantLock();

  /**
   * @param derivation that the store was opened with
   * @param data folder of the server
   */
  public HostBackup(Store store, Derivation derivation, Path data, Clock clock) {
    this.store = store;
    this.derivation = derivation;
    this.data = data;
    this.clock = clock;
  }

  /** Takes an archive. */
  @FunctionalInterface
  public interface Target {
    /**
     * @param length in bytes
     */
    void take(InputStream archive, long length) throws IOException;
  }

  /**
   * Makes an archive of what there is now. Secrets are in it.
   *
   * @throws ApiError BACKUP_SCRIPT_FAILED
   */
  public void save(Target target) {
    try (CollectedBackup backup = collect();
        InputStream archive = backup.open()) {
      target.take(archive, backup.length());
    } catch (IOException | StoreException e) {
      throw ApiErrors.backupScriptFailed(String.valueOf(e.getMessage()));
    }
  }

  private CollectedBackup collect() throws IOException {
    Path place = data.resolve(PendingRestore.COLLECTED);
    Files.createDirectories(
        place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return CollectedBackup.of(
        store,
        data,
        place.resolve(UUID.randomUUID().toString()),
        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /**
   * Checks an archive and keeps it for the next start. Another one that waits is replaced by it.
   *
   * @throws ApiError RESTORE_INCOMPATIBLE_VERSION, RESTORE_SCRIPT_FAILED,
   *     RESTORE_TARGET_MGMT_IF_NOT_IN_BACKUP, RESTORE_TARGET_MISSING_DEVICE, HA_IS_ENABLED,
   *     OUT_OF_SPACE, OTHER_OPERATION_IN_PROGRESS; nothing has changed then
   */
  public void restore(Call call, InputStream in) {
    if (!restoring.tryLock()) {
      throw ApiErrors.otherOperationInProgress(
          "host", OnlyPool.master(store.snapshot()).text(), "host_restore", Ref.none().text());
    }
    try {
      checkHa();
      new StagedRestore(data, derivation, BackupKey.of(data)::believes)
          .stage(
              in,
              new StagedRestore.Demands(
                  this::checkOrigin,
                  saved -> {
                    checkHa();
                    checkObjects(store.snapshot(), saved);
                    if (call.cancelled()) {
                      throw ApiErrors.taskCancelled(call.task().text());
                    }
                  },
                  store.snapshot().generation()));
    } catch (IOException e) {
      throw failed(e);
    } finally {
      restoring.unlock();
    }
  }

  /**
   * {@link #restore} for who is at the host's shell, into a folder that no server may have used
   * yet: any host's archive is believed.
   */
  public static void restore(Path data, Derivation derivation, InputStream in) throws IOException {
    new StagedRestore(Files.createDirectories(data), derivation, BackupKey.Trust.ALL)
        .stage(in, new StagedRestore.Demands(_ -> {}, _ -> {}, 0));
  }

  private void checkHa() {
    if (OnlyPool.row(store.snapshot()).record().haEnabled()) {
      throw ApiErrors.haIsEnabled();
    }
  }

  private void checkOrigin(BackupManifest manifest) {
    Snapshot state = store.snapshot();
    if (!manifest.host().equals(host(state)) || !manifest.pool().equals(pool(state))) {
      throw BackupManifest.refused("the archive is of another host or pool");
    }
  }

  /** What the machine has must be in the backup: hosts, interfaces, and VMs that run. */
  private static void checkObjects(Snapshot state, Snapshot saved) {
    if (!hosts(state).equals(hosts(saved))) {
      throw BackupManifest.refused("the backup is of a pool with other hosts");
    }
    RestoreTarget.check(state, saved.rows(ApiModel.PIF).map(Row::record).toList());
    RestoreTarget.lostVm(state, uuid -> saved.table(ApiModel.VM).byUuid(uuid).isPresent())
        .ifPresent(vm -> {
          throw BackupManifest.refused("VM " + vm + " runs and is not in the backup");
        });
  }

  private static Set<String> hosts(Snapshot state) {
    return state.rows(ApiModel.HOST).map(row -> row.record().uuid()).collect(Collectors.toSet());
  }

  static String pool(Snapshot state) {
    return OnlyPool.row(state).record().uuid();
  }

  static String host(Snapshot state) {
    return state.get(ApiModel.HOST, OnlyPool.master(state)).uuid();
  }

  private ApiError failed(IOException e) {
    return FullDisk.isMeantBy(e)
        ? ApiErrors.outOfSpace(data.toString())
        : BackupManifest.refused(String.valueOf(e.getMessage()));
  }
}
