package io.keelson.image.database;

import io.keelson.image.SparseSource;
import io.keelson.image.SparseTarget;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A disk with a database and every change to it since. Two areas take turns: each begins with a
 * whole copy, the base, and goes on with records of changes, one after another, each on the medium
 * before the next. When an area is full the other is begun; its head is written once its base is on
 * the medium, so that at any moment one area leads to the newest state that was acknowledged.
 */
public final class RedoDisk {
  static final int SECTOR = DatabaseHead.SECTOR;
  private static final int HEADS = 4 << 20;
  private static final int CHUNK = 1 << 18;
  private static final int RECORD = 0x4B524543; // KREC
  private static final int RECORD_HEAD = 24;

  /** Bytes of an area. */
  private static final long AREA = 130L << 20;

  /** Most bytes of a base; the rest of an area is for changes at least. */
  public static final long MOST = 98L << 20;

  /** Bytes of the disk; no other disk is likely to have as many. */
  public static final long SIZE = HEADS + 2 * AREA;

  private RedoDisk() {}

  /** The area that counts. */
  private record Area(int half, DatabaseHead head) {
    long at() {
      return HEADS + half * AREA;
    }
  }

  /**
   * What is on a disk.
   *
   * @param changes since the base, oldest first
   */
  public record Found(DatabaseHead base, List<byte[]> changes) {
    public Found {
      changes = List.copyOf(changes);
    }
  }

  /** The head of the newest base; empty on any other disk. */
  public static Optional<DatabaseHead> look(SparseSource disk) throws IOException {
    return areas(disk).stream().map(Area::head).findFirst();
  }

  /** Newest first. */
  private static List<Area> areas(SparseSource disk) throws IOException {
    List<Area> areas = new ArrayList<>();
    for (int half = 0; half < 2 && disk.size() >= SIZE; half++) {
      ByteBuffer sector = ByteBuffer.allocate(SECTOR);
      disk.read(headAt(half), sector);
      int which = half;
      DatabaseHead.read(sector.flip())
          .filter(head -> head.length() >= 0 && head.length() <= MOST)
          .ifPresent(head -> areas.add(new Area(which, head)));
    }
    areas.sort(Comparator.comparingLong((Area a) -> a.head().number()).reversed());
    return areas;
  }

  private static long headAt(int half) {
    return half * (HEADS / 2L);
  }

  private static long sectors(long bytes) {
    return (bytes + SECTOR - 1) & -SECTOR;
  }

  /**
   * Begins anew with a base, which is on the medium when this returns, in the area that does not
   * count now.
   *
   * @throws IOException when it is longer than {@link #MOST}, or the disk too small
   */
  public static <D extends SparseSource & SparseTarget> Log begin(
      D disk, UUID pool, Instant time, InputStream base) throws IOException {
    SparseSource source = disk;
    if (source.size() < SIZE) {
      throw new IOException("the disk is too small for a redo log");
    }
    Optional<Area> newest = newestWhole(disk);
    int half = newest.map(area -> 1 - area.half()).orElse(0);
    long number = areas(disk).stream().findFirst().map(a -> a.head().number() + 1).orElse(1L);
    CRC32C crc = new CRC32C();
    long start = HEADS + half * AREA;
    long length = 0;
    byte[] chunk = new byte[CHUNK];
    for (int count = base.readNBytes(chunk, 0, CHUNK);
        count > 0;
        count = base.readNBytes(chunk, 0, CHUNK)) {
      if (length + count > MOST) {
        throw new IOException("the database is longer than " + MOST + " bytes");
      }
      crc.update(chunk, 0, count);
      int whole = (int) sectors(count);
      Arrays.fill(chunk, count, whole, (byte) 0);
      disk.write(start + length, ByteBuffer.wrap(chunk, 0, whole));
      length += count;
    }
    disk.flush();
    disk.write(
        headAt(half), new DatabaseHead(number, time, pool, length, (int) crc.getValue()).bytes());
    disk.flush();
    return new Log(disk, number, start + sectors(length), start + AREA);
  }

  private static Optional<Area> newestWhole(SparseSource disk) throws IOException {
    for (Area area : areas(disk)) {
      if (checksum(disk, area, OutputStream.nullOutputStream()) == area.head().checksum()) {
        return Optional.of(area);
      }
    }
    return Optional.empty();
  }

  private static int checksum(SparseSource disk, Area area, OutputStream out) throws IOException {
    CRC32C crc = new CRC32C();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    for (long at = 0; at < area.head().length(); at += CHUNK) {
      chunk.clear().limit((int) Math.min(CHUNK, area.head().length() - at));
      disk.read(area.at() + at, chunk);
      crc.update(chunk.flip());
      out.write(chunk.array(), 0, chunk.limit());
    }
    return (int) crc.getValue();
  }

  /**
   * Reads what counts: the base, and the changes up to the last that is whole.
   *
   * @param out takes the base
   * @return empty when there is nothing, and nothing was written then
   */
  public static Optional<Found> read(SparseSource disk, OutputStream out) throws IOException {
    Optional<Area> newest = newestWhole(disk);
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    Area area = newest.get();
    if (checksum(disk, area, out) != area.head().checksum()) {
      throw new IOException("the disk changes while it is read");
    }
    List<byte[]> changes = new ArrayList<>();
    long at = area.at() + sectors(area.head().length());
    long end = area.at() + AREA;
    Optional<byte[]> next = record(disk, area.head().number(), changes.size(), at, end);
    while (next.isPresent()) {
      changes.add(next.get());
      at += sectors(RECORD_HEAD + next.get().length);
      next = record(disk, area.head().number(), changes.size(), at, end);
    }
    return Optional.of(new Found(area.head(), changes));
  }

  /** The record at a place; empty when it is of an earlier turn, torn, or none. */
  private static Optional<byte[]> record(
      SparseSource disk, long number, int index, long at, long end) throws IOException {
    if (at + SECTOR > end) {
      return Optional.empty();
    }
    ByteBuffer head = ByteBuffer.allocate(RECORD_HEAD);
    disk.read(at, head);
    head.flip();
    int length = head.getInt(16);
    if (head.getInt(0) != RECORD
        || head.getLong(4) != number
        || head.getInt(12) != index
        || length < 0
        || at + RECORD_HEAD + length > end) {
      return Optional.empty();
    }
    ByteBuffer body = ByteBuffer.allocate(length);
    disk.read(at + RECORD_HEAD, body);
    return head.getInt(20) == crc(number, index, body.array())
        ? Optional.of(body.array())
        : Optional.empty();
  }

  private static int crc(long number, int index, byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(12).putLong(number).putInt(index).flip());
    crc.update(body);
    return (int) crc.getValue();
  }

  /** An area that changes are added to. For one thread at a time. */
  public static final class Log {
    private final SparseTarget disk;
    private final long number;
    private final long end;
    private long at;
    private int index;

    private Log(SparseTarget disk, long number, long at, long end) {
      this.disk = disk;
      this.number = number;
      this.at = at;
      this.end = end;
    }

    /**
     * Adds a change, which is on the medium when this returns.
     *
     * @return false, with nothing written, when the area has no room for it
     */
    public boolean append(byte[] change) throws IOException {
      long whole = sectors(RECORD_HEAD + (long) change.length);
      if (at + whole > end) {
        return false;
      }
      ByteBuffer record = ByteBuffer.allocate((int) whole);
      record.putInt(RECORD).putLong(number).putInt(index).putInt(change.length);
      record.putInt(crc(number, index, change)).put(change);
      disk.write(at, record.rewind());
      disk.flush();
      at += whole;
      index++;
      return true;
    }
  }
}
