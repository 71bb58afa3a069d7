package io.keelson.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;

/**
 * A disk whose stretches are what differs from a base: they were found by reading both where either
 * has a stretch, so that they are right as long as the two are alike everywhere else. Memory grows
 * with the disk by a bit for each 64 KiB. Neither disk may change meanwhile.
 */
public final class Difference implements SparseSource {
  private static final int BITS = 16;
  private static final int GRAIN = 1 << BITS;
  private static final int AT_ONCE = 16;

  private final SparseSource disk;
  private final BitSet changed;

  private Difference(SparseSource disk, BitSet changed) {
    this.disk = disk;
    this.changed = changed;
  }

  /**
   * Compares.
   *
   * @param base as large as the disk, or smaller; beyond its end it counts as zeroes
   */
  public static Difference of(SparseSource disk, SparseSource base) throws IOException {
    BitSet held = new BitSet();
    mark(held, disk, disk.size());
    mark(held, base, disk.size());
    BitSet changed = new BitSet();
    byte[] now = new byte[AT_ONCE * GRAIN];
    byte[] before = new byte[AT_ONCE * GRAIN];
    for (int grain = held.nextSetBit(0); grain >= 0; ) {
      int end = Math.min(held.nextClearBit(grain), grain + AT_ONCE);
      int length = read(disk, grain, end, now);
      int known = read(base, grain, end, before);
      Arrays.fill(before, known, Math.max(known, length), (byte) 0);
      for (int at = 0; at < length; at += GRAIN) {
        int to = Math.min(length, at + GRAIN);
        changed.set(grain + at / GRAIN, !Arrays.equals(now, at, to, before, at, to));
      }
      grain = held.nextSetBit(end);
    }
    return new Difference(disk, changed);
  }

  private static void mark(BitSet held, SparseSource disk, long size) throws IOException {
    Optional<Extent> next = disk.next(0);
    while (next.isPresent() && next.get().offset() < size) {
      long end = Math.min(next.get().end(), size);
      held.set((int) (next.get().offset() >> BITS), (int) (((end - 1) >> BITS) + 1));
      next = disk.next(end);
    }
  }

  /** As much of some grains as the disk has. */
  private static int read(SparseSource disk, int from, int end, byte[] into) throws IOException {
    long start = (long) from << BITS;
    int length = Math.clamp(disk.size() - start, 0, (end - from) * GRAIN);
    if (length > 0) {
      disk.read(start, ByteBuffer.wrap(into, 0, length));
    }
    return length;
  }

  @Override
  public long size() {
    return disk.size();
  }

  @Override
  public Optional<Extent> next(long offset) {
    int first = changed.nextSetBit(Math.toIntExact(offset >> BITS));
    if (first < 0) {
      return Optional.empty();
    }
    long start = Math.max(offset, (long) first << BITS);
    long end = Math.min(size(), (long) changed.nextClearBit(first) << BITS);
    return start < end ? Optional.of(new Extent(start, end - start)) : Optional.empty();
  }

  @Override
  public void read(long offset, ByteBuffer into) throws IOException {
    disk.read(offset, into);
  }

  @Override
  public void close() throws IOException {
    disk.close();
  }
}
