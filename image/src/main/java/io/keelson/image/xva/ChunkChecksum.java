package io.keelson.image.xva;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The two kinds of checksums that stand beside chunks. */
enum ChunkChecksum {
  /** SHA-1, which every release reads: the kind that is written. */
  SHA_1(".checksum") {
    @Override
    String of(byte[] chunk, int length) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-1");
        digest.update(chunk, 0, length);
        return HexFormat.of().formatHex(digest.digest());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e); // every Java has it
      }
    }
  },
  /** XXH64, which newer releases write. */
  XXH_64(".xxhash") {
    @Override
    String of(byte[] chunk, int length) {
      return HexFormat.of().toHexDigits(Xxh64.hash(chunk, length));
    }
  };

  /** More than the longest checksum with a line end. */
  static final int MOST_BYTES = 64;

  private final String suffix;

  ChunkChecksum(String suffix) {
    this.suffix = suffix;
  }

  /** What the name of a chunk's checksum ends with. */
  String suffix() {
    return suffix;
  }

  /** In hexadecimal digits. */
  abstract String of(byte[] chunk, int length);

  boolean matches(byte[] chunk, int length, byte[] text) {
    return of(chunk, length).equalsIgnoreCase(new String(text, US_ASCII).strip());
  }

  static Optional<ChunkChecksum> named(String suffix) {
    return Arrays.stream(values()).filter(kind -> kind.suffix.equals(suffix)).findFirst();
  }
}
