package io.keelson.host.qemu;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what guests write to their serial ports from filling the host's disk.
 *
 * <p>QEMU appends without end. A log that has grown too long becomes {@code serial.log.1} and
 * starts again, so that twice the limit is the most a domain can take.
 */
final class SerialLogs implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SerialLogs.class);
  static final long LIMIT = 8 << 20;
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final Path domains;
  private final Thread thread;

  SerialLogs(Path domains) {
    this.domains = domains;
    this.thread = Thread.ofVirtual().name("serial-logs").start(this::watch);
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(EVERY);
        for (UUID vm : RunFolder.list(domains)) {
          trim(RunFolder.of(domains, vm).path().resolve(RunFolder.SERIAL_LOG));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** QEMU has the file open, so it is copied and cut, not renamed. */
  static void trim(Path file) {
    try {
      if (Files.exists(file) && Files.size(file) > LIMIT) {
        Path older = file.resolveSibling(file.getFileName() + ".1");
        Files.copy(file, older, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(0);
        }
      }
    } catch (IOException e) {
      log.warn("The serial log {} cannot be trimmed: {}", file, e.toString());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
