package io.keelson.image.xva;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.keelson.image.Extent;
import io.keelson.image.SparseSource;
import io.keelson.image.Zeroes;
import io.keelson.image.tar.TarWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Writes the data of disks as folders of chunks with a checksum each. Chunks of zeroes are left
 * out, except for the first and the last; when that makes a long silence, an empty file breaks it.
 */
public final class DiskChunksWriter {
  private static final Duration SILENCE = Duration.ofSeconds(5);

  private final TarWriter out;
  private final InstantSource clock;
  private final byte[] chunk = new byte[Chunks.SIZE];

  public DiskChunksWriter(TarWriter out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  /** Writes all of a disk. */
  public void write(String folder, SparseSource disk) throws IOException {
    long last = Math.floorDiv(disk.size() - 1, (long) Chunks.SIZE);
    var spoken = clock.instant();
    Optional<Extent> data = disk.next(0);
    for (long number = 0; number <= last; number++) {
      long start = number * Chunks.SIZE;
      int length = (int) Math.min(Chunks.SIZE, disk.size() - start);
      while (data.isPresent() && data.get().end() <= start) {
        data = disk.next(start);
      }
      boolean held = data.isPresent() && data.get().offset() < start + length;
      if (held || number == 0 || number == last) {
        disk.read(start, ByteBuffer.wrap(chunk, 0, length));
      }
      if (number == 0 || number == last || (held && !Zeroes.are(chunk, 0, length))) {
        file(folder, number, length);
        spoken = clock.instant();
      } else if (Duration.between(spoken, clock.instant()).compareTo(SILENCE) >= 0) {
        file(folder, number, 0);
        spoken = clock.instant();
      }
    }
  }

  private void file(String folder, long number, int length) throws IOException {
    String name = Chunks.name(folder, number);
    ChunkChecksum kind = ChunkChecksum.SHA_1;
    out.file(name, chunk, 0, length);
    out.file(name + kind.suffix(), kind.of(chunk, length).getBytes(US_ASCII));
  }
}
