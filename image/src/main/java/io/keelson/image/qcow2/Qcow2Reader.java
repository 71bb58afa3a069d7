package io.keelson.image.qcow2;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.image.SparseTarget;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads a qcow2 image in a file, whatever is in it: all offsets are held against the file, and
 * nothing that it names is opened. One table is in memory at a time.
 */
public final class Qcow2Reader {
  private static final long OFFSET = 0x00fffffffffffe00L;
  private static final long COMPRESSED = 1L << 62;
  private static final long ZERO = 1;

  private final FileChannel file;
  private final Qcow2Header header;
  private final int cluster;

  private Qcow2Reader(FileChannel file, Qcow2Header header) {
    this.file = file;
    this.header = header;
    this.cluster = 1 << header.clusterBits();
  }

  /**
   * Reads the header.
   *
   * @throws IOException when it is no image that can be read
   */
  public static Qcow2Reader of(FileChannel file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Qcow2Header.BYTES);
    while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {
      // until there is no more
    }
    Qcow2Header header = Qcow2Header.parse(bytes.flip());
    if (header.extended()) {
      throw new IOException("the image cannot be taken: it has clusters in parts");
    }
    return new Qcow2Reader(file, header);
  }

  /** Bytes of the disk. */
  public long size() {
    return header.size();
  }

  /** The name of the image that this one rests on; empty when it stands alone. */
  public Optional<String> backing() throws IOException {
    if (header.backing().isEmpty()) {
      return Optional.empty();
    }
    Qcow2Header.Place place = header.backing().get();
    return Optional.of(UTF_8.decode(read(place.offset(), place.length())).toString());
  }

  /**
   * Writes all that the image holds onto a disk, which holds zeroes, or else what the image that
   * this one rests on holds.
   *
   * @param progress told how far it is, in bytes of the disk
   */
  public void copyTo(SparseTarget disk, LongConsumer progress) throws IOException {
    int perTable = cluster / Long.BYTES;
    long covered = (long) perTable * cluster;
    for (int t = 0; t * covered < size(); t++) {
      long table = read(header.top() + (long) t * Long.BYTES, Long.BYTES).getLong() & OFFSET;
      if (table != 0) {
        copyTable(read(table, cluster), t * covered, disk);
      }
      progress.accept(Math.min(size(), (t + 1) * covered));
    }
  }

  private void copyTable(ByteBuffer entries, long start, SparseTarget disk) throws IOException {
    for (long at = start; entries.hasRemaining() && at < size(); at += cluster) {
      long entry = entries.getLong();
      if ((entry & COMPRESSED) != 0) {
        put(disk, at, inflate(entry));
      } else if ((entry & ZERO) != 0) {
        if (header.backing().isPresent()) {
          disk.zero(at, Math.min(cluster, size() - at));
        }
      } else if ((entry & OFFSET) != 0) {
        put(disk, at, read(entry & OFFSET, cluster));
      }
    }
  }

  private void put(SparseTarget disk, long at, ByteBuffer bytes) throws IOException {
    bytes.limit((int) Math.min(bytes.limit(), size() - at));
    disk.write(at, bytes);
  }

  private ByteBuffer inflate(long entry) throws IOException {
    int shift = 62 - (header.clusterBits() - 8);
    long offset = entry & ((1L << shift) - 1);
    long sectors = (entry & (COMPRESSED - 1)) >>> shift;
    long length = (sectors + 1) * 512 - (offset & 511);
    long there = Math.min(length, file.size() - offset);
    if (there <= 0) {
      throw new EOFException("the image ends too early");
    }
    ByteBuffer packed = read(offset, (int) there);
    byte[] bytes = new byte[cluster];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed);
      int got = 0;
      while (got < cluster) {
        int more = inflater.inflate(bytes, got, cluster - got);
        if (more == 0) {
          throw new IOException("the image is damaged: a cluster cannot be unpacked");
        }
        got += more;
      }
    } catch (DataFormatException e) {
      throw new IOException("the image is damaged: a cluster cannot be unpacked", e);
    } finally {
      inflater.end();
    }
    return ByteBuffer.wrap(bytes);
  }

  /** The last cluster of a file may be cut short: what is missing reads as zeroes. */
  private ByteBuffer read(long offset, int length) throws IOException {
    if (offset >= file.size()) {
      throw new EOFException("the image ends too early");
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && file.read(bytes, offset + bytes.position()) > 0) {
      // until it is full or the file ends
    }
    return bytes.clear();
  }
}
