package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Picture;
import io.keelson.host.qemu.qmp.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Has QEMU write what the screen shows into the domain's folder. The domain's lock is held. */
final class Screendump {
  private static final String FILE = "screen.ppm";

  /** More than any mode of the screens that machines here have. */
  private static final long MOST_BYTES = 128L << 20;

  private final LiveDomain domain;

  Screendump(LiveDomain domain) {
    this.domain = domain;
  }

  Picture take() {
    Path file = domain.folder().path().resolve(FILE);
    try {
      domain.execute("screendump", Json.object().put("filename", FILE));
      if (Files.size(file) > MOST_BYTES) {
        throw new IOException("it is larger than " + MOST_BYTES + " bytes");
      }
      return PixMap.read(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "the screen's picture cannot be read: " + e, e);
    } finally {
      delete(file);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The next picture overwrites it, and it goes with the domain.
    }
  }
}
