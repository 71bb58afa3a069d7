package io.keelson.host.machine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The small text files in which the kernel tells its facts; what it does not tell is empty.
 *
 * @param root where {@code proc}, {@code sys} and {@code etc} lie
 */
record KernelFiles(Path root) {
  private static final int MOST_TEXT = 16 << 20;

  /** The file's text without the white space around it. */
  String text(String path) {
    return new String(bytes(path), StandardCharsets.UTF_8).strip();
  }

  /** The file's bytes. */
  byte[] bytes(String path) {
    try (InputStream in = Files.newInputStream(root.resolve(path))) {
      return in.readNBytes(MOST_TEXT);
    } catch (IOException e) {
      // Absent, or closed to an ordinary user (a serial number): the machine does not tell.
      return new byte[0];
    }
  }
}
