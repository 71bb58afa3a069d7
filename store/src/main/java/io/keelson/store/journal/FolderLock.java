package io.keelson.store.journal;

import io.keelson.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a second process, or a second store in this one, off the folder. */
final class FolderLock implements AutoCloseable {
  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws StoreException when somebody has it
   */
  static FolderLock take(Path root) throws IOException {
    Files.createDirectories(root);
    FileChannel channel =
        FileChannel.open(
            JournalFolder.lock(root), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new FolderLock(channel);
      }
    } catch (OverlappingFileLockException _) {
      // this process has it already
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new StoreException("the store in " + root + " is in use");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
