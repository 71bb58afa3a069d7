package io.keelson.image.lease;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * That a host lives, as a sector says it: magic, format, host, holder, sequence, and a checksum
 * over all of these. Numbers are big-endian. Whoever reads it goes by whether the sequence moves,
 * as the clocks of hosts differ.
 *
 * @param host uuid of the host
 * @param holder the process that writes it; {@link #NOBODY} when that has ended in order
 * @param sequence rises with each write
 */
public record Lease(UUID host, UUID holder, long sequence) {
  public static final UUID NOBODY = new UUID(0, 0);

  private static final long MAGIC = 0x4B45454C4C454153L; // KEELLEAS
  private static final int FORMAT = 1;
  private static final int LENGTH = 56;

  /** A sector with it. */
  ByteBuffer bytes() {
    ByteBuffer out = ByteBuffer.allocate(LeaseDisk.SECTOR);
    out.putLong(MAGIC).putInt(FORMAT);
    out.putLong(host.getMostSignificantBits()).putLong(host.getLeastSignificantBits());
    out.putLong(holder.getMostSignificantBits()).putLong(holder.getLeastSignificantBits());
    out.putLong(sequence);
    out.putInt(crc(out.duplicate().flip()));
    return out.rewind();
  }

  /** What the sector says; empty when it says nothing, or something torn. */
  static Optional<Lease> read(ByteBuffer in) {
    boolean whole =
        in.getLong(0) == MAGIC
            && in.getInt(8) == FORMAT
            && crc(in.slice(0, LENGTH - 4)) == in.getInt(LENGTH - 4);
    return whole
        ? Optional.of(
            new Lease(
                new UUID(in.getLong(12), in.getLong(20)),
                new UUID(in.getLong(28), in.getLong(36)),
                in.getLong(44)))
        : Optional.empty();
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
