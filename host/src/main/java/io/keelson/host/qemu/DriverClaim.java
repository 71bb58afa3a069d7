package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Sees to it that domains have one driver at a time: a second could only wait for them, and give
 * them up. The kernel gives the claim back with the process.
 */
final class DriverClaim implements AutoCloseable {
  private final FileChannel channel;

  private DriverClaim(FileChannel channel) {
    this.channel = channel;
  }

  /** Claims the folder; raises WRONG_STATE when another has. */
  static DriverClaim of(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return new DriverClaim(channel);
      }
    } catch (OverlappingFileLockException _) {
      // Another driver in this very process: the same refusal.
    }
    channel.close();
    throw new DriverException(Reason.WRONG_STATE, "another server drives the domains of " + folder);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // The kernel gives it back with the process.
    }
  }
}
