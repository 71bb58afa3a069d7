package io.keelson.http;

import com.github.luben.zstd.ZstdOutputStream;
import io.keelson.wire.Encoded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** How a reply is compressed; always at the fastest level, since the client waits for it. */
enum Compression {
  NONE(""),
  GZIP("gzip"),
  ZSTD("zstd");

  private static final int BUFFER = 64 << 10;

  private final String coding;

  Compression(String coding) {
    this.coding = coding;
  }

  /** The name in content-encoding; empty for none. */
  String coding() {
    return coding;
  }

  /** The best of what an Accept-Encoding allows. */
  static Compression accepted(String header) {
    Compression best = NONE;
    for (String part : header.toLowerCase(Locale.ROOT).split(",", 32)) {
      String[] words = part.split(";", 2);
      boolean refused = words.length == 2 && words[1].strip().matches("q=0(\\.0*)?");
      if (refused) {
        continue;
      }
      if (words[0].strip().equals(ZSTD.coding)) {
        best = ZSTD;
      } else if (words[0].strip().equals(GZIP.coding) && best == NONE) {
        best = GZIP;
      }
    }
    return best;
  }

  Encoded compress(Encoded plain) {
    if (this == NONE) {
      return plain;
    }
    var bytes = new ByteArrayOutputStream((int) Math.min(plain.length() / 4 + 512, 1 << 20));
    try (OutputStream out = this == GZIP ? new FastGzip(bytes) : new ZstdOutputStream(bytes, 1)) {
      byte[] part = new byte[(int) Math.min(plain.length(), BUFFER)];
      for (ByteBuffer chunk : plain.chunks()) {
        ByteBuffer rest = chunk.duplicate();
        while (rest.hasRemaining()) {
          int size = Math.min(rest.remaining(), part.length);
          rest.get(part, 0, size);
          out.write(part, 0, size);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Encoded.of(bytes.toByteArray());
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, BUFFER);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
