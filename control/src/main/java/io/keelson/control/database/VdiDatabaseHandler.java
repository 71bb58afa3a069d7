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
import io.keelson.control.session.Sessions;
import io.keelson.control.storage.MetadataDisks;
import io.keelson.image.database.DatabaseHead;
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
record VdiDatabaseHandler(Store store, MetadataDisks disks, Sessions sessions, Path folder)
    implements VdiDatabase {

  /**
   * @throws ApiError HANDLE_INVALID, VDI_INCOMPATIBLE_TYPE, VDI_CONTAINS_METADATA_OF_THIS_POOL,
   *     COULD_NOT_IMPORT_DATABASE
   */
  @Override
  public Ref<Session> openDatabase(Call call, Ref<Vdi> self) {
    Snapshot state = store.snapshot();
    Vdi vdi = state.get(ApiModel.VDI, self);
    if (vdi.type() != VdiType.METADATA) {
      throw ApiErrors.vdiIncompatibleType(self.text(), vdi.type().text());
    }
    Ref<Pool> pool = Replication.pool(state);
    if (vdi.metadataOfPool().equals(pool)) {
      throw ApiErrors.vdiContainsMetadataOfThisPool(self.text(), pool.text());
    }
    return sessions.openDatabase(call.session(), read(state, self));
  }

  private Snapshot read(Snapshot state, Ref<Vdi> vdi) {
    try {
      Files.createDirectories(folder);
      Path file = Files.createTempFile(folder, "opened", "");
      try {
        if (disks.read(state, vdi, file).isEmpty()) {
          throw ApiErrors.couldNotImportDatabase("the disk holds no database that is whole");
        }
        return DatabaseFile.read(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException | UncheckedIOException | StoreException e) {
      throw ApiErrors.couldNotImportDatabase(String.valueOf(e.getMessage()));
    }
  }

  /** Nothing for a disk that holds no database, or cannot be looked at now. */
  @Override
  public String readDatabasePoolUuid(Call call, Ref<Vdi> self) {
    Snapshot state = store.snapshot();
    if (state.get(ApiModel.VDI, self).type() != VdiType.METADATA) {
      return "";
    }
    try {
      Optional<DatabaseHead> head = disks.look(state, self);
      return head.map(h -> h.pool().toString()).orElse("");
    } catch (ApiError | UncheckedIOException _) {
      return "";
    }
  }
}
