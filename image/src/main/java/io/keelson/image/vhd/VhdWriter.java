package io.keelson.image.vhd;

import io.keelson.image.Extent;
import io.keelson.image.Flaw;
import io.keelson.image.ImageException;
import io.keelson.image.SparseSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes a disk as a dynamic or differencing VHD file, from its start to its end, in memory that
 * grows with the disk's size only by the table of blocks (4 bytes a block of 2 MiB). The disk must
 * not change between the look at its extents and the end of the writing.
 */
public final class VhdWriter {
  /** The most that the format can hold. */
  public static final long MOST_BYTES = VhdFooter.MOST_BYTES;

  private static final int BLOCK = 2 << 20;
  private static final int HEADER_AT = VhdFooter.BYTES;
  private static final int LOCATORS_AT = HEADER_AT + VhdHeader.BYTES;

  private final SparseSource disk;
  private final VhdFooter footer;
  private final VhdHeader header;
  private final int[] table;
  private final long length;

  private VhdWriter(
      SparseSource disk, VhdFooter footer, VhdHeader header, int[] table, long length) {
    this.disk = disk;
    this.footer = footer;
    this.header = header;
    this.table = table;
    this.length = length;
  }

  /** A file with all of the disk. */
  public static VhdWriter dynamic(SparseSource disk, UUID id, Instant time) throws IOException {
    return plan(disk, id, time, Optional.empty());
  }

  /**
   * A file with what differs from a parent.
   *
   * @param difference whose extents are what differs
   */
  public static VhdWriter differencing(
      SparseSource difference, UUID id, Instant time, VhdParent parent) throws IOException {
    return plan(difference, id, time, Optional.of(parent));
  }

  private static VhdWriter plan(
      SparseSource disk, UUID id, Instant time, Optional<VhdParent> parent) throws IOException {
    if (disk.size() > MOST_BYTES) {
      throw new ImageException(new Flaw.TooLarge(disk.size(), MOST_BYTES));
    }
    if (disk.size() <= 0 || disk.size() % VhdHeader.SECTOR != 0) {
      throw ImageException.malformed("a disk of " + disk.size() + " bytes is not whole sectors");
    }
    List<VhdLocator> locators =
        parent.map(p -> VhdLocator.of(p.name(), LOCATORS_AT)).orElse(List.of());
    long tableAt = LOCATORS_AT + (long) locators.size() * VhdHeader.SECTOR;
    int[] table = new int[Math.toIntExact(Math.ceilDiv(disk.size(), BLOCK))];
    VhdHeader header = new VhdHeader(tableAt, table.length, BLOCK, parent, locators);
    VhdKind kind = parent.isPresent() ? VhdKind.DIFFERENCING : VhdKind.DYNAMIC;
    VhdFooter footer = new VhdFooter(kind, HEADER_AT, disk.size(), id, time);
    long end = place(disk, header, table, tableAt + tableBytes(table));
    return new VhdWriter(disk, footer, header, table, end + VhdFooter.BYTES);
  }

  /** Gives every block that holds something its place; returns where the last one ends. */
  private static long place(SparseSource disk, VhdHeader header, int[] table, long from)
      throws IOException {
    Arrays.fill(table, VhdBlocks.UNUSED);
    long at = from;
    Optional<Extent> next = disk.next(0);
    while (next.isPresent()) {
      Extent extent = next.get();
      long last = (Math.min(extent.end(), disk.size()) - 1) / BLOCK;
      for (long block = extent.offset() / BLOCK; block <= last; block++) {
        if (table[(int) block] == VhdBlocks.UNUSED) {
          table[(int) block] = (int) (at / VhdHeader.SECTOR);
          at += header.bitmapBytes() + BLOCK;
        }
      }
      next = disk.next(extent.end());
    }
    return at;
  }

  /** How many bytes the file has. */
  public long length() {
    return length;
  }

  /** Writes the whole file. */
  public void writeTo(OutputStream out) throws IOException {
    out.write(footer.bytes());
    out.write(header.bytes());
    for (VhdLocator locator : header.locators()) {
      out.write(locator.sector());
    }
    writeTable(out);
    byte[] bitmap = new byte[header.bitmapBytes()];
    byte[] block = new byte[BLOCK];
    for (int i = 0; i < table.length; i++) {
      if (table[i] != VhdBlocks.UNUSED) {
        long start = (long) i * BLOCK;
        int held = (int) Math.min(BLOCK, disk.size() - start);
        Arrays.fill(bitmap, (byte) 0);
        Arrays.fill(block, held, BLOCK, (byte) 0);
        mark(bitmap, start, start + held);
        disk.read(start, ByteBuffer.wrap(block, 0, held));
        out.write(bitmap);
        out.write(block);
      }
    }
    out.write(footer.bytes());
  }

  private void writeTable(OutputStream out) throws IOException {
    byte[] part = new byte[64 << 10];
    ByteBuffer entries = ByteBuffer.wrap(part);
    for (int entry : table) {
      if (!entries.hasRemaining()) {
        out.write(part);
        entries.clear();
      }
      entries.putInt(entry);
    }
    int written = entries.position();
    int padded = Math.ceilDiv(written, VhdHeader.SECTOR) * VhdHeader.SECTOR;
    Arrays.fill(part, written, padded, (byte) 0xFF);
    out.write(part, 0, padded);
  }

  /** A disk without a parent has whole blocks; else a bit says which sectors the file holds. */
  private void mark(byte[] bitmap, long start, long end) throws IOException {
    if (header.parent().isEmpty()) {
      set(bitmap, 0, (int) (end - start) / VhdHeader.SECTOR);
      return;
    }
    Optional<Extent> next = disk.next(start);
    while (next.isPresent() && next.get().offset() < end) {
      long from = Math.max(start, next.get().offset());
      long to = Math.min(end, next.get().end());
      set(
          bitmap,
          (int) (from - start) / VhdHeader.SECTOR,
          (int) Math.ceilDiv(to - start, VhdHeader.SECTOR));
      next = disk.next(to);
    }
  }

  private static void set(byte[] bitmap, int from, int to) {
    for (int sector = from; sector < to; sector++) {
      bitmap[sector >> 3] |= (byte) (0x80 >> (sector & 7));
    }
  }

  private static long tableBytes(int[] table) {
    return Math.ceilDiv((long) table.length * Integer.BYTES, VhdHeader.SECTOR) * VhdHeader.SECTOR;
  }
}
