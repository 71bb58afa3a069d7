package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
        write(reserved + BLOCK);
        reserved += BLOCK;
      }
      return next++;
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot keep count of domains: " + e, e);
    } finally {
      lock.unlock();
    }
  }

  /** In one step: whoever is killed leaves the count before or the new one. */
  private void write(long count) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(draft, Long.toString(count));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** A power cut may empty the file, and leaves no domain that has a number. */
  private static long read(Path file) {
    try {
      String text = Files.readString(file).strip();
      return text.isEmpty() ? 1 : Math.max(1, Long.parseLong(text));
    } catch (NoSuchFileException e) {
      return 1;
    } catch (IOException | NumberFormatException e) {
      throw new DriverException(Reason.CORRUPT, "the count of domains in " + file + ": " + e, e);
    }
  }
}
