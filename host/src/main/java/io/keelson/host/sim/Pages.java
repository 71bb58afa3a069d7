package io.keelson.host.sim;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.VolumeBytes;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** What was written to a simulated volume: pages that are never changed, only replaced. */
final class Pages {
  private static final int PAGE = 64 << 10;

  private final ConcurrentSkipListMap<Long, byte[]> pages;

  Pages() {
    this(new ConcurrentSkipListMap<>());
  }

  private Pages(ConcurrentSkipListMap<Long, byte[]> pages) {
    this.pages = pages;
  }

  /** The same contents, that go ways of their own from now on. */
  Pages copy() {
    return new Pages(new ConcurrentSkipListMap<>(pages));
  }

  VolumeBytes open(long size, boolean readOnly) {
    return new Opened(size, readOnly);
  }

  private final class Opened implements VolumeBytes {
    private final long size;
    private final boolean readOnly;

    Opened(long size, boolean readOnly) {
      this.size = size;
      this.readOnly = readOnly;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public Optional<Stretch> next(long offset) {
      Map.Entry<Long, byte[]> page = pages.ceilingEntry(offset / PAGE);
      if (page == null || page.getKey() * PAGE >= size) {
        return Optional.empty();
      }
      long at = page.getKey() * PAGE;
      return Optional.of(new Stretch(at, Math.min(PAGE, size - at)));
    }

    @Override
    public void read(long offset, ByteBuffer into) {
      within(offset, into.remaining());
      long at = offset;
      while (into.hasRemaining()) {
        int start = (int) (at % PAGE);
        int length = Math.min(PAGE - start, into.remaining());
        into.put(pages.getOrDefault(at / PAGE, new byte[PAGE]), start, length);
        at += length;
      }
    }

    @Override
    public void write(long offset, ByteBuffer from) {
      writable();
      within(offset, from.remaining());
      long at = offset;
      while (from.hasRemaining()) {
        int start = (int) (at % PAGE);
        int length = Math.min(PAGE - start, from.remaining());
        byte[] page = pages.getOrDefault(at / PAGE, new byte[PAGE]).clone();
        from.get(page, start, length);
        pages.put(at / PAGE, page);
        at += length;
      }
    }

    @Override
    public void zero(long offset, long length) {
      writable();
      within(offset, length);
      long end = offset + length;
      for (Stretch stretch :
          pages.subMap(offset / PAGE, end / PAGE + 1).keySet().stream()
              .map(number -> new Stretch(number * PAGE, PAGE))
              .toList()) {
        long from = Math.max(offset, stretch.offset());
        long to = Math.min(end, stretch.offset() + PAGE);
        if (to - from == PAGE) {
          pages.remove(from / PAGE);
        } else if (to > from) {
          write(from, ByteBuffer.allocate((int) (to - from)));
        }
      }
    }

    @Override
    public void flush() {
      writable();
    }

    @Override
    public void close() {}

    private void writable() {
      if (readOnly) {
        throw new DriverException(Reason.INVALID, "the volume was opened to be read");
      }
    }

    private void within(long offset, long length) {
      if (offset < 0 || length < 0 || offset > size - length) {
        throw new DriverException(
            Reason.INVALID, "a volume of " + size + " bytes does not hold " + offset);
      }
    }
  }
}
