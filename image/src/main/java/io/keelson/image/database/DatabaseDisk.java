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
 * A disk with the last two copies of a database. The first 4 MiB have a head for each, at 0 and in
 * the middle; behind it each has half of the rest. A new copy takes the place of the older one:
 * first its bytes, then, once they are on the medium, its head. So the newest copy whose head and
 * bytes are whole is always the one that was finished last.
 */
public final class DatabaseDisk {
  private static final int HEADS = 4 << 20;
  private static final int CHUNK = 1 << 18;

  /** Most bytes of a copy. */
  public static final long MOST = 128L << 20;

  /** Bytes of the disk; no other disk is likely to have as many. */
  public static final long SIZE = HEADS + 2 * MOST;

  private DatabaseDisk() {}

  /** What is on a disk. */
  private record Copy(int half, DatabaseHead head) {}

  /** The head of the newest copy, whose bytes are not looked at; empty on any other disk. */
  public static Optional<DatabaseHead> look(SparseSource disk) throws IOException {
    return copies(disk).stream().map(Copy::head).findFirst();
  }

  /** Newest first. */
  private static List<Copy> copies(SparseSource disk) throws IOException {
    List<Copy> copies = new ArrayList<>();
    for (int half = 0; half < 2 && disk.size() >= SIZE; half++) {
      ByteBuffer sector = ByteBuffer.allocate(DatabaseHead.SECTOR);
      disk.read(headAt(half), sector);
      int which = half;
      DatabaseHead.read(sector.flip())
          .filter(head -> head.length() >= 0 && head.length() <= MOST)
          .ifPresent(head -> copies.add(new Copy(which, head)));
    }
    copies.sort(Comparator.comparingLong((Copy c) -> c.head().number()).reversed());
    return copies;
  }

  private static long headAt(int half) {
    return half * (HEADS / 2L);
  }

  private static long copyAt(int half) {
    return HEADS + half * MOST;
  }

  /**
   * Adds a copy, durable when this returns.
   *
   * @param disk to look at, and to write to
   * @throws IOException when it is longer than {@link #MOST}, or the disk too small
   */
  public static <D extends SparseSource & SparseTarget> void write(
      D disk, UUID pool, Instant time, InputStream copy) throws IOException {
    SparseSource source = disk;
    if (source.size() < SIZE) {
      throw new IOException("the disk is too small for copies of a database");
    }
    Optional<Copy> newest = newestWhole(disk);
    int half = newest.map(c -> 1 - c.half()).orElse(0);
    long number = copies(disk).stream().findFirst().map(c -> c.head().number() + 1).orElse(1L);
    CRC32C crc = new CRC32C();
    long length = 0;
    byte[] chunk = new byte[CHUNK];
    for (int count = copy.readNBytes(chunk, 0, CHUNK);
        count > 0;
        count = copy.readNBytes(chunk, 0, CHUNK)) {
      if (length + count > MOST) {
        throw new IOException("the database is longer than " + MOST + " bytes");
      }
      crc.update(chunk, 0, count);
      int sectors = Math.min(CHUNK, (count + DatabaseHead.SECTOR - 1) & -DatabaseHead.SECTOR);
      Arrays.fill(chunk, count, sectors, (byte) 0);
      disk.write(copyAt(half) + length, ByteBuffer.wrap(chunk, 0, sectors));
      length += count;
    }
    disk.flush();
    disk.write(
        headAt(half), new DatabaseHead(number, time, pool, length, (int) crc.getValue()).bytes());
    disk.flush();
  }

  private static Optional<Copy> newestWhole(SparseSource disk) throws IOException {
    for (Copy copy : copies(disk)) {
      if (checksum(disk, copy, OutputStream.nullOutputStream()) == copy.head().checksum()) {
        return Optional.of(copy);
      }
    }
    return Optional.empty();
  }

  /**
   * Reads the newest copy that is whole.
   *
   * @return what it is; empty when there is none, and nothing was written then
   */
  public static Optional<DatabaseHead> read(SparseSource disk, OutputStream out)
      throws IOException {
    Optional<Copy> newest = newestWhole(disk);
    if (newest.isPresent() && checksum(disk, newest.get(), out) != newest.get().head().checksum()) {
      throw new IOException("the disk changes while it is read");
    }
    return newest.map(Copy::head);
  }

  private static int checksum(SparseSource disk, Copy copy, OutputStream out) throws IOException {
    CRC32C crc = new CRC32C();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    for (long at = 0; at < copy.head().length(); at += CHUNK) {
      chunk.clear().limit((int) Math.min(CHUNK, copy.head().length() - at));
      disk.read(copyAt(copy.half()) + at, chunk);
      crc.update(chunk.flip());
      out.write(chunk.array(), 0, chunk.limit());
    }
    return (int) crc.getValue();
  }
}
