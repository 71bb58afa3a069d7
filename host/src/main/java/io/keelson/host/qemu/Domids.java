package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/** Numbers for runs of domains: each is given once, also over restarts of the server. */
final class Domids {
  /** How many numbers one write to the file covers. */
  private static final long BLOCK = 64;

  private final Path file;
  private final ReentrantLock lock = new ReentrantLock();
  private long next;
  private long reserved;

  Domids(Path file) {
    this.file = file;
    this.next = read(file);
    this.reserved = next;
  }

  long next() {
    lock.lock();
    try {
      if (next == reserved) {
        Files.writeString(file, Long.toString(reserved + BLOCK));
        reserved += BLOCK;
      }
      return next++;
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot keep count of domains: " + e, e);
    } finally {
      lock.unlock();
    }
  }

  private static long read(Path file) {
    try {
      return Math.max(1, Long.parseLong(Files.readString(file).strip()));
    } catch (NoSuchFileException e) {
      return 1;
    } catch (IOException | NumberFormatException e) {
      throw new DriverException(Reason.CORRUPT, "the count of domains in " + file + ": " + e, e);
    }
  }
}
