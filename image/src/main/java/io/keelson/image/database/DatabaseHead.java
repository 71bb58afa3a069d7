package io.keelson.image.database;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What a disk says of one copy of a database, in the first bytes of a sector of its own: magic,
 * format, number, time in milliseconds, pool, length and checksum of the copy, and a checksum over
 * all of these. Numbers are big-endian.
 *
 * @param number of the copy: of two on a disk the greater is the newer
 * @param pool uuid of the pool
 * @param length in bytes
 * @param checksum of the bytes, CRC-32C
 */
public record DatabaseHead(long number, Instant time, UUID pool, long length, int checksum) {
  private static final long MAGIC = 0x4B45454C4442434FL; // KEELDBCO
  private static final int FORMAT = 1;
  private static final int LENGTH = 60;

  static final int SECTOR = 4096;

  /** A sector with it. */
  ByteBuffer bytes() {
    ByteBuffer out = ByteBuffer.allocate(SECTOR);
    out.putLong(MAGIC).putInt(FORMAT).putLong(number).putLong(time.toEpochMilli());
    out.putLong(pool.getMostSignificantBits()).putLong(pool.getLeastSignificantBits());
    out.putLong(length).putInt(checksum);
    out.putInt(crc(out.duplicate().flip()));
    return out.rewind();
  }

  /** What the sector says; empty when it says nothing, or something torn. */
  static Optional<DatabaseHead> read(ByteBuffer in) {
    int crc = in.getInt(LENGTH - 4);
    boolean whole =
        in.getLong(0) == MAGIC && in.getInt(8) == FORMAT && crc(in.slice(0, LENGTH - 4)) == crc;
    return whole
        ? Optional.of(
            new DatabaseHead(
                in.getLong(12),
                Instant.ofEpochMilli(in.getLong(20)),
                new UUID(in.getLong(28), in.getLong(36)),
                in.getLong(44),
                in.getInt(52)))
        : Optional.empty();
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
