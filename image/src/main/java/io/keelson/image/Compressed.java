package io.keelson.image;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Compression of streams, known by their first bytes. */
public enum Compressed {
  PLAIN,
  GZIP,
  ZSTD;

  private static final int BUFFER = 64 << 10;
  private static final int MAGIC = 4;
  private static final int FAST = 1;

  /** Memory that a sender may make its reader spend: 2 to this power, in bytes. */
  private static final int MOST_WINDOW = 25;

  /** The bytes that a stream stands for. How many they are at most, its reader must know. */
  public static InputStream decompress(InputStream in) throws IOException {
    byte[] start = in.readNBytes(MAGIC);
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(start), in);
    return switch (kind(start)) {
      case PLAIN -> whole;
      case GZIP -> new Decompressed(new GZIPInputStream(whole, BUFFER));
      case ZSTD -> new Decompressed(new ZstdInputStreamNoFinalizer(whole).setLongMax(MOST_WINDOW));
    };
  }

  /** A stream that is closed to end the compression; it closes {@code out} too. */
  public OutputStream compress(OutputStream out) throws IOException {
    return switch (this) {
      case PLAIN -> out;
      case GZIP -> new GZIPOutputStream(out, BUFFER);
      case ZSTD -> new ZstdOutputStreamNoFinalizer(out, FAST);
    };
  }

  private static Compressed kind(byte[] start) {
    if (starts(start, 0x1F, 0x8B)) {
      return GZIP;
    }
    return starts(start, 0x28, 0xB5, 0x2F, 0xFD) ? ZSTD : PLAIN;
  }

  private static boolean starts(byte[] bytes, int... magic) {
    if (bytes.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if (Byte.toUnsignedInt(bytes[i]) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
