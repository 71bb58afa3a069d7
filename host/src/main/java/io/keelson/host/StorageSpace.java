package io.keelson.host;

import io.keelson.host.DriverException.Reason;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The space of a repository, bytes.
 *
 * @param size of the whole
 * @param used by all that is on it
 */
public record StorageSpace(long size, long used) {
  /** The space of the file system that a folder is on; raises FAILED. */
  public static StorageSpace of(Path folder) {
    try {
      FileStore store = Files.getFileStore(folder);
      long size = store.getTotalSpace();
      return new StorageSpace(size, Math.max(0, size - store.getUsableSpace()));
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot tell the space of " + folder, e);
    }
  }
}
