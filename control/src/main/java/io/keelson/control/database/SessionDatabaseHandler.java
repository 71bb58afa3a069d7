package io.keelson.control.database;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.SessionDatabase;
import io.keelson.api.model.Session;
import io.keelson.control.session.Sessions;
import io.keelson.image.database.DatabaseDisk;
import io.keelson.image.raw.FileDisk;
import io.keelson.store.Snapshot;
import io.keelson.store.StoreException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Opens what a file of the host holds: a disk of type metadata as it is exported, raw.
 *
 * @param folder for copies that are being read
 */
record SessionDatabaseHandler(Sessions sessions, Path folder) implements SessionDatabase {

  /**
   * @throws ApiError COULD_NOT_IMPORT_DATABASE
   */
  @Override
  public Ref<Session> createFromDbFile(Call call, String filename) {
    return sessions.openDatabase(call.session(), read(file(filename)));
  }

  private static Path file(String filename) {
    try {
      Path file = Path.of(filename);
      if (file.isAbsolute() && Files.isRegularFile(file)) {
        return file;
      }
    } catch (InvalidPathException e) {
      throw ApiErrors.couldNotImportDatabase(String.valueOf(e.getMessage()));
    }
    throw ApiErrors.couldNotImportDatabase("there is no file " + filename);
  }

  private Snapshot read(Path file) {
    try (FileDisk disk = FileDisk.open(file)) {
      Files.createDirectories(folder);
      Path copy = Files.createTempFile(folder, "opened", "");
      try {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(copy))) {
          if (disk.size() != DatabaseDisk.SIZE || DatabaseDisk.read(disk, out).isEmpty()) {
            throw ApiErrors.couldNotImportDatabase("the file holds no database that is whole");
          }
        }
        return DatabaseFile.read(copy);
      } finally {
        Files.delete(copy);
      }
    } catch (IOException | UncheckedIOException | StoreException e) {
      throw ApiErrors.couldNotImportDatabase(String.valueOf(e.getMessage()));
    }
  }
}
