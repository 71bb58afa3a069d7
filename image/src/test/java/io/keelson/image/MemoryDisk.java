package io.keelson.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A disk of any size in memory that holds the sectors that were written. */
public final class MemoryDisk implements SparseSource, SparseTarget {
  private static final int SECTOR = 512;

  private final long size;
  private final TreeMap<Long, byte[]> sectors = new TreeMap<>();

  public MemoryDisk(long size) {
    this.size = size;
  }

  /** A disk with the same contents. */
  public MemoryDisk copy() {
    MemoryDisk copy = new MemoryDisk(size);
    sectors.forEach((at, bytes) -> copy.sectors.put(at, bytes.clone()));
    return copy;
  }

  /** What is on it, without the zeroes. */
  public Map<Long, String> contents() {
    Map<Long, String> contents = new TreeMap<>();
    sectors.forEach((at, bytes) -> {
      if (!Zeroes.are(bytes, 0, SECTOR)) {
        contents.put(at, HexFormat.of().formatHex(bytes));
      }
    });
    return contents;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Optional<Extent> next(long offset) {
    Map.Entry<Long, byte[]> first = sectors.ceilingEntry(offset / SECTOR);
    if (first == null) {
      return Optional.empty();
    }
    long end = first.getKey();
    while (sectors.containsKey(end)) {
      end++;
    }
    long start = Math.max(offset, first.getKey() * SECTOR);
    return Optional.of(new Extent(start, Math.min(size, end * SECTOR) - start));
  }

  @Override
  public void read(long offset, ByteBuffer into) throws IOException {
    if (offset + into.remaining() > size) {
      throw new EOFException();
    }
    for (long at = offset; into.hasRemaining(); ) {
      int within = (int) (at % SECTOR);
      int length = Math.min(SECTOR - within, into.remaining());
      into.put(sectors.getOrDefault(at / SECTOR, new byte[SECTOR]), within, length);
      at += length;
    }
  }

  @Override
  public void write(long offset, ByteBuffer from) throws IOException {
    if (offset + from.remaining() > size) {
      throw new EOFException();
    }
    for (long at = offset; from.hasRemaining(); ) {
      int within = (int) (at % SECTOR);
      int length = Math.min(SECTOR - within, from.remaining());
      from.get(sectors.computeIfAbsent(at / SECTOR, _ -> new byte[SECTOR]), within, length);
      at += length;
    }
  }

  @Override
  public void zero(long offset, long length) throws IOException {
    for (long at = offset; at < offset + length; at += SECTOR) {
      sectors.remove(at / SECTOR);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
