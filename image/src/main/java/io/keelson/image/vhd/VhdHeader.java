package io.keelson.image.vhd;

import static java.nio.charset.StandardCharsets.UTF_16BE;

import io.keelson.image.ImageException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What only dynamic and differencing files have: where the table of blocks is, and who the parent
 * is. A parent's name is for people and is never opened.
 *
 * @param tableOffset where the table is
 * @param entries of the table
 * @param blockSize bytes of the disk that one entry stands for
 * @param locators where names of the parent for various systems are; written, never read
 */
record VhdHeader(
    long tableOffset,
    int entries,
    int blockSize,
    Optional<VhdParent> parent,
    List<VhdLocator> locators) {
  static final int BYTES = 1024;
  static final int SECTOR = 512;

  /** As many as a disk of the largest size needs with the smallest blocks that anybody writes. */
  static final int MOST_ENTRIES = 4 << 20;

  private static final int MOST_BLOCK_SIZE = 64 << 20;
  private static final long COOKIE = 0x6378737061727365L; // "cxsparse"
  private static final int VERSION = 0x00010000;
  private static final int CHECKSUM_AT = 36;
  private static final int NAME_AT = 64;
  private static final int NAME_BYTES = 512;
  private static final int LOCATORS_AT = 576;

  static VhdHeader read(byte[] bytes, VhdFooter footer) throws ImageException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getLong(0) != COOKIE || in.getInt(24) != VERSION) {
      throw ImageException.malformed("no VHD header where it should be");
    }
    if (in.getInt(CHECKSUM_AT) != VhdChecksum.of(bytes, CHECKSUM_AT)) {
      throw ImageException.malformed("the VHD header is damaged");
    }
    int entries = in.getInt(28);
    int blockSize = in.getInt(32);
    if (blockSize < SECTOR || blockSize > MOST_BLOCK_SIZE || Integer.bitCount(blockSize) != 1) {
      throw ImageException.malformed("VHD blocks of " + blockSize + " bytes");
    }
    if (entries < 1 || entries > MOST_ENTRIES || (long) entries * blockSize < footer.size()) {
      throw ImageException.malformed("a VHD table of " + entries + " entries");
    }
    return new VhdHeader(in.getLong(16), entries, blockSize, parent(in, footer), List.of());
  }

  private static Optional<VhdParent> parent(ByteBuffer in, VhdFooter footer) {
    return switch (footer.kind()) {
      case FIXED, DYNAMIC -> Optional.empty();
      case DIFFERENCING -> {
        byte[] name = new byte[NAME_BYTES];
        in.get(NAME_AT, name);
        String text = new String(name, UTF_16BE);
        int end = text.indexOf('\0');
        yield Optional.of(
            new VhdParent(
                new UUID(in.getLong(40), in.getLong(48)),
                VhdTime.of(in.getInt(56)),
                end < 0 ? text : text.substring(0, end)));
      }
    };
  }

  byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.putLong(COOKIE).putLong(VhdFooter.NO_OFFSET).putLong(tableOffset);
    out.putInt(VERSION).putInt(entries).putInt(blockSize);
    parent.ifPresent(p -> {
      out.putLong(40, p.id().getMostSignificantBits());
      out.putLong(48, p.id().getLeastSignificantBits());
      out.putInt(56, VhdTime.seconds(p.time()));
      byte[] name = p.name().getBytes(UTF_16BE);
      out.put(NAME_AT, name, 0, Math.min(name.length, NAME_BYTES - 2));
    });
    out.position(LOCATORS_AT);
    locators.forEach(l -> l.put(out));
    byte[] bytes = out.array();
    out.putInt(CHECKSUM_AT, VhdChecksum.of(bytes, CHECKSUM_AT));
    return bytes;
  }

  /** Sectors that a block's own bitmap takes, one bit a sector. */
  int bitmapBytes() {
    return Math.ceilDiv(blockSize / SECTOR / Byte.SIZE, SECTOR) * SECTOR;
  }
}
