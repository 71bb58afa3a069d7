package io.keelson.image.vhd;

import io.keelson.image.ByteStream;
import io.keelson.image.ImageException;
import io.keelson.image.SparseTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The blocks of a dynamic or differencing file, in the order in which they lie in it. */
final class VhdBlocks {
  static final int UNUSED = -1;

  /** What may lie between two parts of a file: alignment, names of the parent, other tables. */
  static final long MOST_GAP = 16 << 20;

  private final VhdFooter footer;
  private final VhdHeader header;

  /** First the sector where a block lies, then its number: 32 bits each. */
  private final long[] order;

  private VhdBlocks(VhdFooter footer, VhdHeader header, long[] order) {
    this.footer = footer;
    this.header = header;
    this.order = order;
  }

  /** Reads the table; the stream stands at it. */
  static VhdBlocks read(ByteStream in, VhdFooter footer, VhdHeader header) throws IOException {
    int inUse = Math.toIntExact(Math.ceilDiv(footer.size(), header.blockSize()));
    long[] order = new long[inUse];
    int used = 0;
    byte[] part = new byte[64 << 10];
    for (int entry = 0; entry < header.entries(); ) {
      int count = Math.min(header.entries() - entry, part.length / Integer.BYTES);
      in.read(part, 0, count * Integer.BYTES);
      ByteBuffer entries = ByteBuffer.wrap(part);
      for (int end = entry + count; entry < end; entry++) {
        int sector = entries.getInt();
        if (sector == UNUSED) {
          continue;
        }
        if (entry >= inUse) {
          throw ImageException.malformed("a VHD block lies beyond the end of the disk");
        }
        order[used++] = Integer.toUnsignedLong(sector) << Integer.SIZE | entry;
      }
    }
    in.skip(-in.position() & (VhdHeader.SECTOR - 1));
    order = Arrays.copyOf(order, used);
    sort(order);
    return new VhdBlocks(footer, header, order);
  }

  /** Sectors need all of their 32 bits, so the longs are compared without a sign. */
  private static void sort(long[] order) {
    for (int i = 0; i < order.length; i++) {
      order[i] ^= Long.MIN_VALUE;
    }
    Arrays.sort(order);
    for (int i = 0; i < order.length; i++) {
      order[i] ^= Long.MIN_VALUE;
    }
  }

  /** Copies every block and checks the end of the file. */
  void copyTo(ByteStream in, SparseTarget target) throws IOException {
    byte[] bitmap = new byte[header.bitmapBytes()];
    byte[] block = new byte[header.blockSize()];
    for (long place : order) {
      long offset = (place >>> Integer.SIZE) * VhdHeader.SECTOR;
      long gap = offset - in.position();
      if (gap < 0) {
        throw ImageException.malformed("VHD blocks overlap");
      }
      if (gap > MOST_GAP) {
        throw ImageException.malformed("a VHD block lies outside the file");
      }
      in.skip(gap);
      in.read(bitmap, 0, bitmap.length);
      in.read(block, 0, block.length);
      copy(bitmap, block, (place & 0xFFFFFFFFL) * header.blockSize(), target);
    }
    end(in);
  }

  private void copy(byte[] bitmap, byte[] block, long start, SparseTarget target)
      throws IOException {
    int sectors = (int) Math.min(block.length, footer.size() - start) / VhdHeader.SECTOR;
    for (int from = 0; from < sectors; ) {
      boolean set = isSet(bitmap, from);
      int to = from + 1;
      while (to < sectors && isSet(bitmap, to) == set) {
        to++;
      }
      if (set) {
        int at = from * VhdHeader.SECTOR;
        target.write(start + at, ByteBuffer.wrap(block, at, (to - from) * VhdHeader.SECTOR));
      }
      from = to;
    }
  }

  private static boolean isSet(byte[] bitmap, int sector) {
    return (bitmap[sector >> 3] & (0x80 >> (sector & 7))) != 0;
  }

  /** A file ends with the footer that it began with; a truncated one does not. */
  private void end(ByteStream in) throws IOException {
    long from = in.position();
    byte[] last = in.read(VhdFooter.BYTES);
    byte[] next = new byte[VhdFooter.BYTES];
    int got;
    while ((got = in.readSome(next, 0, next.length)) == next.length) {
      byte[] read = next;
      next = last;
      last = read;
      if (in.position() - from > MOST_GAP) {
        throw ImageException.malformed("too much follows the last block of the VHD");
      }
    }
    if (got > 0 || !VhdFooter.startsWithCookie(last)) {
      throw ImageException.prematureEnd();
    }
    if (!VhdFooter.read(last).equals(footer)) {
      throw ImageException.malformed("the two footers of the VHD do not agree");
    }
  }
}
