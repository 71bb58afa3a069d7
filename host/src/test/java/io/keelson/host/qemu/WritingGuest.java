package io.keelson.host.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.DiskSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A guest of one sector that does nothing but write to the disk it started from: sector after
 * sector in a ring of 1 MiB, each with the number of its write. So a disk shows whether any write
 * that was followed by another one is missing from it.
 */
final class WritingGuest {
  private static final int SECTOR = 512;
  private static final int FIRST = 2048;
  private static final int RING = 2048;

  /** Size of a disk that it can run on. */
  static final long DISK_BYTES = (long) (FIRST + RING) * SECTOR;

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

  /** Disk address packet, at 7c40: one sector from 0:8000. */
  private static final String PACKET = "10000100008000000000000000000000";

  private static final int PACKET_AT = 0x40;

  private WritingGuest() {}

  /** Its sector, to be written at the start of a disk. */
  static byte[] sector() {
    byte[] sector = new byte[SECTOR];
    byte[] code = HexFormat.of().parseHex(CODE);
    System.arraycopy(code, 0, sector, 0, code.length);
    byte[] packet = HexFormat.of().parseHex(PACKET);
    System.arraycopy(packet, 0, sector, PACKET_AT, packet.length);
    sector[SECTOR - 2] = 0x55;
    sector[SECTOR - 1] = (byte) 0xaa;
    return sector;
  }

  /** Writes the guest to an image. */
  static void install(DiskSource disk, Path scratch) throws Exception {
    Path file = scratch.resolve("guest.sector");
    Files.write(file, sector());
    run("qemu-io", "-f", format(disk), "-c", "write -s " + file + " 0 512", disk.location());
  }

  /** The number of the last write on the disk; every write before it is there, too. */
  static long verify(DiskSource disk, Path scratch) throws Exception {
    Path raw = scratch.resolve("read.raw");
    run(
        "qemu-img",
        "convert",
        "-U",
        "-f",
        format(disk),
        "-O",
        "raw",
        disk.location(),
        raw.toString());
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(raw)).order(ByteOrder.LITTLE_ENDIAN);
    long last = 0;
    for (int slot = 0; slot < RING; slot++) {
      last = Math.max(last, number(bytes, slot));
    }
    for (int slot = 0; slot < RING; slot++) {
      long behind = Math.floorMod(last - slot, RING);
      assertThat(number(bytes, slot))
          .as("slot %d of %d", slot, last)
          .isEqualTo(Math.max(0, last - behind));
    }
    return last;
  }

  private static long number(ByteBuffer bytes, int slot) {
    int at = (FIRST + slot) * SECTOR;
    return at + 4 <= bytes.limit() ? Integer.toUnsignedLong(bytes.getInt(at)) : 0;
  }

  private static String format(DiskSource disk) {
    return disk.format().name().toLowerCase(Locale.ROOT);
  }

  static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
