package io.keelson.image.qcow2;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.image.Extent;
import io.keelson.image.SparseSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;

/**
 * Writes a disk as a qcow2 image (version 3, clusters of 64 KiB), from its start to its end:
 * header, reference counts, tables, data. Memory grows with the disk's size by a bit a cluster. The
 * disk must not change meanwhile.
 */
public final class Qcow2Writer {
  private static final int BITS = 16;
  private static final int CLUSTER = 1 << BITS;
  private static final int ENTRIES = CLUSTER / Long.BYTES;
  private static final int COUNTS = CLUSTER / Short.BYTES;
  private static final long COPIED = 1L << 63;
  private static final int HEADER_BYTES = 104;
  private static final int BACKING_FORMAT = 0xE2792ACA;
  private static final int NAME_AT = 128;

  /** One table of all tables must do: 64 TiB. */
  private static final long MOST = 64L << 40;

  private final SparseSource disk;
  private final String backing;
  private final BitSet used = new BitSet();
  private final BitSet tables = new BitSet();
  private final long countTable;
  private final long counts;
  private final long top;
  private final long clusters;

  /** An image that stands alone. Looks at what the disk holds. */
  public Qcow2Writer(SparseSource disk) throws IOException {
    this(disk, "");
  }

  /**
   * An image with what differs from another, which it names. Looks at what differs.
   *
   * @param difference whose extents are what differs
   * @param backing name of the other's file, without folders
   */
  public Qcow2Writer(SparseSource difference, String backing) throws IOException {
    if (difference.size() > MOST) {
      throw new IOException("the disk is too large for an image");
    }
    this.disk = difference;
    this.backing = backing;
    Optional<Extent> next = disk.next(0);
    while (next.isPresent()) {
      int first = (int) (next.get().offset() >> BITS);
      int end = (int) (((Math.min(next.get().end(), disk.size()) - 1) >> BITS) + 1);
      used.set(first, end);
      next = disk.next(Math.min(disk.size(), (long) end << BITS));
    }
    used.stream().forEach(c -> tables.set(c / ENTRIES));
    top = ceil(ceil(ceil(disk.size(), CLUSTER), ENTRIES), ENTRIES);
    long others = 1 + top + tables.cardinality() + used.cardinality();
    long blocks = 0;
    long inTable = 0;
    long all = others;
    // The counts count themselves as well.
    while (blocks < ceil(all, COUNTS) || inTable < ceil(blocks, ENTRIES)) {
      blocks = ceil(all, COUNTS);
      inTable = ceil(blocks, ENTRIES);
      all = others + blocks + inTable;
    }
    countTable = inTable;
    counts = blocks;
    clusters = all;
  }

  /** How many bytes the image has. */
  public long length() {
    return clusters << BITS;
  }

  /** Writes the whole image. */
  public void writeTo(OutputStream out) throws IOException {
    out.write(header());
    table(out, countTable, counts, 1 + countTable);
    counts(out);
    topTable(out);
    long data = 1 + countTable + counts + top + tables.cardinality();
    for (int t = tables.nextSetBit(0); t >= 0; t = tables.nextSetBit(t + 1)) {
      ByteBuffer entries = ByteBuffer.allocate(CLUSTER);
      for (int i = 0; i < ENTRIES; i++) {
        entries.putLong(used.get(t * ENTRIES + i) ? (data++ << BITS) | COPIED : 0);
      }
      out.write(entries.array());
    }
    byte[] cluster = new byte[CLUSTER];
    for (int c = used.nextSetBit(0); c >= 0; c = used.nextSetBit(c + 1)) {
      long at = (long) c << BITS;
      int size = (int) Math.min(CLUSTER, disk.size() - at);
      Arrays.fill(cluster, size, CLUSTER, (byte) 0);
      disk.read(at, ByteBuffer.wrap(cluster, 0, size));
      out.write(cluster);
    }
  }

  private byte[] header() {
    ByteBuffer header = ByteBuffer.allocate(CLUSTER);
    byte[] name = backing.getBytes(UTF_8);
    boolean alone = name.length == 0;
    header.putInt(Qcow2Header.MAGIC).putInt(3).putLong(alone ? 0 : NAME_AT).putInt(name.length);
    header.putInt(BITS);
    header.putLong(disk.size()).putInt(0);
    header.putInt((int) ceil(ceil(disk.size(), CLUSTER), ENTRIES));
    header.putLong((1 + countTable + counts) << BITS);
    header.putLong(1L << BITS).putInt((int) countTable).putInt(0).putLong(0);
    header.putLong(0).putLong(0).putLong(0).putInt(4).putInt(HEADER_BYTES);
    if (!alone) {
      byte[] format = "qcow2".getBytes(UTF_8);
      header.putInt(BACKING_FORMAT).putInt(format.length).put(format);
      header.put(NAME_AT, name);
    }
    return header.array();
  }

  /** A table of clusters that follow each other. */
  private static void table(OutputStream out, long length, long entries, long first)
      throws IOException {
    long next = 0;
    for (long c = 0; c < length; c++) {
      ByteBuffer cluster = ByteBuffer.allocate(CLUSTER);
      while (cluster.hasRemaining() && next < entries) {
        cluster.putLong((first + next++) << BITS);
      }
      out.write(cluster.array());
    }
  }

  private void counts(OutputStream out) throws IOException {
    long left = clusters;
    for (long b = 0; b < counts; b++) {
      ByteBuffer cluster = ByteBuffer.allocate(CLUSTER);
      while (cluster.hasRemaining() && left > 0) {
        cluster.putShort((short) 1);
        left--;
      }
      out.write(cluster.array());
    }
  }

  private void topTable(OutputStream out) throws IOException {
    long next = 1 + countTable + counts + top;
    for (int c = 0; c < top; c++) {
      ByteBuffer cluster = ByteBuffer.allocate(CLUSTER);
      for (int i = 0; i < ENTRIES; i++) {
        cluster.putLong(tables.get(c * ENTRIES + i) ? (next++ << BITS) | COPIED : 0);
      }
      out.write(cluster.array());
    }
  }

  private static long ceil(long value, long unit) {
    return (value + unit - 1) / unit;
  }
}
