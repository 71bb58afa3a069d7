package io.keelson.store.codec;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Makes bytes fewer, quickly rather than well, by what every JVM brings along. */
final class Packing {
  private static final int ROOM = 64;

  private Packing() {}

  static byte[] pack(byte[] plain) {
    try (Deflater deflater = new Deflater(Deflater.BEST_SPEED)) {
      deflater.setInput(plain);
      deflater.finish();
      // bytes that cannot be packed grow, by five in every 16 KiB
      byte[] out = new byte[plain.length + plain.length / 1024 + ROOM];
      int length = deflater.deflate(out);
      if (!deflater.finished()) {
        throw new IllegalStateException("packing %,d bytes took more room".formatted(plain.length));
      }
      return Arrays.copyOf(out, length);
    }
  }

  /**
   * @param length of the bytes that were packed
   * @throws DataFormatException when these are not such bytes packed
   */
  static byte[] unpack(byte[] packed, int length) throws DataFormatException {
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(packed);
      // with room for one more, the end and its checksum are read too
      byte[] plain = new byte[length + 1];
      int found = inflater.inflate(plain);
      if (found != length || !inflater.finished() || inflater.getRemaining() != 0) {
        throw new DataFormatException("not %,d bytes packed".formatted(length));
      }
      return Arrays.copyOf(plain, length);
    }
  }
}
