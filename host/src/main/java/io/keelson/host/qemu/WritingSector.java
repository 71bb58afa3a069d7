package io.keelson.host.qemu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * A guest of one sector that does nothing but write to the disk it started from: sector after
 * sector in a ring of 1 MiB, each with the number of its write. So a disk tells whether any write
 * that was followed by another one is missing from it; what tests of moving disks run.
 */
public final class WritingSector {
  /** Size of the smallest disk that it can run on. */
  public static final long DISK_BYTES = 2L << 20;

  private static final int SECTOR = 512;
  private static final int FIRST = 2048;
  private static final int RING = 2048;

  private static final String CODE =
      "fa31c08ed88ed0bc007cfb" // no interrupts until segments and stack are set
          + "66c706008000000000" // mov dword [8000], 0: the number
          + "66ff060080" // again: inc dword [8000]
          + "66a10080" // mov eax, [8000]
          + "6625ff070000" // and eax, RING - 1
          + "660500080000" // add eax, FIRST
          + "66a3487c" // mov [sector of the packet], eax
          + "be407c" // mov si, packet
          + "b80043" // mov ax, extended write
          + "cd13" // int 13h, drive in dl since the start
          + "ebdd"; // jmp again

  /** Disk address packet: one sector from 0:8000. */
  private static final String PACKET = "10000100008000000000000000000000";

  private static final int PACKET_AT = 0x40;

  private WritingSector() {}

  /** The sector, for the start of a disk. */
  public static byte[] bytes() {
    byte[] sector = new byte[SECTOR];
    byte[] code = HexFormat.of().parseHex(CODE);
    System.arraycopy(code, 0, sector, 0, code.length);
    byte[] packet = HexFormat.of().parseHex(PACKET);
    System.arraycopy(packet, 0, sector, PACKET_AT, packet.length);
    sector[SECTOR - 2] = 0x55;
    sector[SECTOR - 1] = (byte) 0xaa;
    return sector;
  }

  /**
   * The number of the last write on a disk; raises IllegalStateException when one before it is
   * missing.
   *
   * @param disk all of its bytes
   */
  public static long lastWrite(byte[] disk) {
    ByteBuffer bytes = ByteBuffer.wrap(disk).order(ByteOrder.LITTLE_ENDIAN);
    long last = 0;
    for (int slot = 0; slot < RING; slot++) {
      last = Math.max(last, number(bytes, slot));
    }
    for (int slot = 0; slot < RING; slot++) {
      long expected = Math.max(0, last - Math.floorMod(last - slot, RING));
      if (number(bytes, slot) != expected) {
        throw new IllegalStateException(
            "of writes up to %d, %d is missing and %d there instead"
                .formatted(last, expected, number(bytes, slot)));
      }
    }
    return last;
  }

  private static long number(ByteBuffer bytes, int slot) {
    return Integer.toUnsignedLong(bytes.getInt((FIRST + slot) * SECTOR));
  }
}
