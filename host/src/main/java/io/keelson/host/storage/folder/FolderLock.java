package io.keelson.host.storage.folder;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Tells other processes that a folder is attached here, so that none of them takes an image that is
 * just being made for a left-over. The kernel lets go of it when this process ends.
 */
public final class FolderLock implements AutoCloseable {
  /** The file that is locked. */
  public static final String FILE = "keelson-sr.lock";

  private final @Nullable FileChannel channel;

  private FolderLock(@Nullable FileChannel channel) {
    this.channel = channel;
  }

  /** Whether the folder is where files can be locked. */
  public static boolean possible(Path folder) {
    return folder.getFileSystem().equals(FileSystems.getDefault());
  }

  /** Stands for a lock where there can be none, and does what goes without. */
  public static FolderLock none(Runnable without) {
    without.run();
    return new FolderLock(null);
  }

  /** Takes the lock with others who have it; when there are none, does {@code alone} first. */
  public static FolderLock take(Path folder, Runnable alone) {
    Path file = folder.resolve(FILE);
    try {
      // Nothing else may open the file in this process: closing it there would drop the lock.
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
      FolderLock taken = new FolderLock(channel);
      try {
        share(channel, alone);
        return taken;
      } catch (IOException | RuntimeException e) {
        taken.close();
        throw e;
      }
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot lock " + file + ": " + e.getMessage(), e);
    }
  }

  private static void share(FileChannel channel, Runnable alone) throws IOException {
    try (FileLock exclusive = channel.tryLock()) {
      if (exclusive != null) {
        alone.run();
      }
    } catch (OverlappingFileLockException e) {
      // Attached through another driver in this very process; its lock speaks for both.
      return;
    }
    FileLock shared = channel.lock(0, Long.MAX_VALUE, true);
    if (!shared.isValid()) {
      throw new IOException("the lock was lost");
    }
  }

  @Override
  public void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot close a lock", e);
    }
  }
}
