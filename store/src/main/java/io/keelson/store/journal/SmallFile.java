package io.keelson.store.journal;

import io.keelson.store.StoreException;
import io.keelson.store.codec.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** A small text file with a checksum in its last line, replaced as a whole. */
final class SmallFile {
  private static final String CHECK = "check ";

  private SmallFile() {}

  /** Writes it; it is durable when this returns. */
  static void write(Path file, String text) throws IOException {
    byte[] bytes = (text + CHECK + sum(text) + "\n").getBytes(StandardCharsets.UTF_8);
    Path temporary = DurableFiles.temporary(file);
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer out = ByteBuffer.wrap(bytes);
      while (out.hasRemaining()) {
        channel.write(out);
      }
      channel.force(true);
    }
    DurableFiles.replace(file);
  }

  /**
   * @throws StoreException when it is not as it was written
   */
  static String read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String all = new String(bytes, StandardCharsets.UTF_8);
    int at = all.lastIndexOf(CHECK);
    String text = at < 0 ? "" : all.substring(0, at);
    if (at < 0 || !all.equals(text + CHECK + sum(text) + "\n")) {
      throw new StoreException(file + " is damaged at offset 0: checksum mismatch");
    }
    return text;
  }

  private static String sum(String text) {
    return sum(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Checksum of some bytes, as text. */
  static String sum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return "%08x".formatted(crc.getValue());
  }
}
