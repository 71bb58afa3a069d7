package io.keelson.image.vhd;

import io.keelson.image.Flaw;
import io.keelson.image.ImageException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;

/**
 * The last sector of a VHD file, and for dynamic and differencing ones the first too.
 *
 * @param dataOffset where the {@link VhdHeader} is
 * @param size bytes of the disk. It is taken from the field "current size" and never from the
 *     geometry, which can only say multiples of a cylinder
 * @param time when the disk was made
 */
record VhdFooter(VhdKind kind, long dataOffset, long size, UUID id, Instant time) {
  static final int BYTES = 512;
  static final long NO_OFFSET = -1;

  /** The most that the format can hold. */
  static final long MOST_BYTES = 2040L << 30;

  private static final long COOKIE = 0x636F6E6563746978L; // "conectix"
  private static final int FEATURES = 2; // a bit that is always set
  private static final int VERSION = 0x00010000;

  /**
   * Who made the file. Readers believe "current size" only of makers that they know to keep it
   * right; this one is known to all that would else round to the geometry.
   */
  private static final int CREATOR = 0x71656D32; // "qem2"

  private static final int CREATOR_VERSION = 0x00050003;
  private static final int CREATOR_SYSTEM = 0x5769326B; // "Wi2k"
  private static final int CHECKSUM_AT = 64;

  static boolean startsWithCookie(byte[] bytes) {
    return bytes.length >= Long.BYTES && ByteBuffer.wrap(bytes).getLong() == COOKIE;
  }

  /**
   * @throws ImageException when it is no footer, or one of a disk that cannot be
   */
  static VhdFooter read(byte[] bytes) throws ImageException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (!startsWithCookie(bytes)) {
      throw ImageException.malformed("no VHD footer where it should be");
    }
    if (in.getInt(CHECKSUM_AT) != VhdChecksum.of(bytes, CHECKSUM_AT)) {
      throw ImageException.malformed("the VHD footer is damaged");
    }
    if (in.getInt(12) >>> 16 != VERSION >>> 16) {
      throw ImageException.malformed("an unknown version of VHD");
    }
    long size = in.getLong(48);
    if (size <= 0 || size % VhdHeader.SECTOR != 0) {
      throw ImageException.malformed("a VHD disk of " + size + " bytes");
    }
    if (size > MOST_BYTES) {
      throw new ImageException(new Flaw.TooLarge(size, MOST_BYTES));
    }
    return new VhdFooter(
        kind(in.getInt(60)),
        in.getLong(16),
        size,
        new UUID(in.getLong(68), in.getLong(76)),
        VhdTime.of(in.getInt(24)));
  }

  private static VhdKind kind(int code) throws ImageException {
    for (VhdKind kind : VhdKind.values()) {
      if (kind.code() == code) {
        return kind;
      }
    }
    throw ImageException.malformed("an unknown kind of VHD: " + code);
  }

  byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.putLong(COOKIE).putInt(FEATURES).putInt(VERSION).putLong(dataOffset);
    out.putInt(VhdTime.seconds(time));
    out.putInt(CREATOR).putInt(CREATOR_VERSION).putInt(CREATOR_SYSTEM);
    out.putLong(size).putLong(size);
    VhdGeometry.of(size).put(out);
    out.putInt(kind.code()).putInt(0);
    out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    byte[] bytes = out.array();
    out.putInt(CHECKSUM_AT, VhdChecksum.of(bytes, CHECKSUM_AT));
    return bytes;
  }
}
