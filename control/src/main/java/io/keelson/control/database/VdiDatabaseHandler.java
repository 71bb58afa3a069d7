package io.keelson.control.database;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VdiDatabase;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Session;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiType;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.session.Sessions;
import io.keelson.control.storage.MetadataDisks;
import io.keelson.control.storage.RedoDisks;
import io.keelson.image.database.DatabaseHead;
import io.keelson.image.database.RedoDisk;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Opens what disks hold.
 *
 * @param folder for copies that are being read
 */
record VdiDatabaseHandler(
    Store store, MetadataDisks disks, RedoDisks logs, Sessions sessions, Path folder)
    implements VdiDatabase {

  /**
   * @throws ApiError HANDLE_INVALID, VDI_INCOMPATIBLE_TYPE, VDI_CONTAINS_METADATA_OF_THIS_POOL,
   *     COULD_NOT_IMPORT_DATABASE
   */
  @Override
  public Ref<Session> openDatabase(Call call, Ref<Vdi> self) {
    Snapshot state = store.snapshot();
    Vdi vdi = state.get(ApiModel.VDI, self);
    if (!holdsDatabase(vdi)) {
      throw ApiErrors.vdiIncompatibleType(self.text(), vdi.type().text());
    }
    Ref<Pool> pool = OnlyPool.row(state).ref();
    if (vdi.metadataOfPool().equals(pool)) {
      throw ApiErrors.vdiContainsMetadataOfThisPool(self.text(), pool.text());
    }
    return sessions.openDatabase(call.session(), read(state, self));
  }

  private static boolean holdsDatabase(Vdi vdi) {
    return vdi.type() == VdiType.METADATA || vdi.type() == VdiType.REDO_LOG;
  }

  private Snapshot read(Snapshot state, Ref<Vdi> vdi) {
    try {
      Files.createDirectories(folder);
      Path file = Files.createTempFile(folder, "opened", "");
      try {
        return read(state, vdi, file)
            .orElseThrow(
                () -> ApiErrors.couldNotImportDatabase("the disk holds no database that is whole"));
      } finally {
        Files.delete(file);
      }
    } catch (IOException | UncheckedIOException | StoreException e) {
      throw ApiErrors.couldNotImportDatabase(String.valueOf(e.getMessage()));
    }
  }

  private Optional<Snapshot> read(Snapshot state, Ref<Vdi> vdi, Path file) throws IOException {
    if (state.get(ApiModel.VDI, vdi).type() == VdiType.REDO_LOG) {
      Optional<RedoDisk.Found> found = logs.read(state, vdi, file);
      return found.isPresent()
          ? Optional.of(DatabaseFile.read(file, found.get().changes()))
          : Optional.empty();
    }
    return disks.read(state, vdi, file).isPresent()
        ? Optional.of(DatabaseFile.read(file))
        : Optional.empty();
  }

  /** Nothing for a disk that holds no database, or cannot be looked at now. */
  @Override
  public String readDatabasePoolUuid(Call call, Ref<Vdi> self) {
    Snapshot state = store.snapshot();
    Vdi vdi = state.get(ApiModel.VDI, self);
    if (!holdsDatabase(vdi)) {
      return "";
    }
    Optional<Pool> ours = state.find(ApiModel.POOL, vdi.metadataOfPool());
    if (vdi.type() == VdiType.REDO_LOG && ours.isPresent()) {
      return ours.get().uuid(); // it may be open for writing, which is for one alone
    }
    try {
      Optional<DatabaseHead> head =
          vdi.type() == VdiType.REDO_LOG ? logs.look(state, self) : disks.look(state, self);
      return head.map(h -> h.pool().toString()).orElse("");
    } catch (ApiError | UncheckedIOException _) {
      return "";
    }
  }
}
