package io.keelson.image.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.image.Extent;
import io.keelson.image.SparseSource;
import io.keelson.image.SparseTarget;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that are written, read back, and looked at by qemu-img. */
class Qcow2Test {
  private static final int PIECE = 40_000;

  @TempDir private Path folder;

  /** Sizes around the edges of clusters, tables and reference counts. */
  @Test
  void imagesAreSoundAndHoldTheDisk() throws Exception {
    long table = 512L << 20;
    long[] sizes = {512, 1 << 16, (1 << 16) + 512, 3 << 20, table, table + 512, 64L << 40};
    for (long size : sizes) {
      List<List<Long>> all =
          List.of(List.of(), List.of(0L), List.of(0L, size / 2, Math.max(0, size - PIECE)));
      for (List<Long> places : all) {
        Disk disk = new Disk(size, places);
        Path image = folder.resolve("image");
        Qcow2Writer writer = new Qcow2Writer(disk);
        try (OutputStream out = Files.newOutputStream(image)) {
          writer.writeTo(out);
        }
        assertThat(Files.size(image)).isEqualTo(writer.length());
        Process check =
            new ProcessBuilder("qemu-img", "check", "-q", "-f", "qcow2", image.toString())
                .inheritIO()
                .start();
        assertThat(check.waitFor()).as("size %s", size).isZero();
        try (FileChannel file = FileChannel.open(image)) {
          Qcow2Reader reader = Qcow2Reader.of(file);
          assertThat(reader.size()).isEqualTo(size);
          Expecting target = new Expecting(disk);
          reader.copyTo(target, _ -> {});
          assertThat(target.written).isEqualTo(disk.clusters());
        }
      }
    }
  }

  /** Whatever bytes stand in an image, reading ends, and in no other way than by refusing. */
  @Test
  void damageIsRefused() throws Exception {
    Disk disk = new Disk(3 << 20, List.of(0L, 1L << 20));
    Path image = folder.resolve("damaged");
    try (OutputStream out = Files.newOutputStream(image)) {
      new Qcow2Writer(disk).writeTo(out);
    }
    byte[] sound = Files.readAllBytes(image);
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      byte[] bytes = sound.clone();
      for (int n = 0; n < 4; n++) {
        int where = random.nextBoolean() ? random.nextInt(104) : random.nextInt(bytes.length);
        bytes[where] = (byte) random.nextInt();
      }
      Files.write(image, bytes);
      try (FileChannel file = FileChannel.open(image)) {
        Qcow2Reader.of(file).copyTo(new Within(64L << 40), _ -> {});
      } catch (IOException refused) {
        assertThat(refused).hasMessageContaining("image");
      }
    }
    Files.write(image, "QFI\u00fb".getBytes(StandardCharsets.ISO_8859_1));
    try (FileChannel file = FileChannel.open(image)) {
      assertThatThrownBy(() -> Qcow2Reader.of(file)).isInstanceOf(IOException.class);
    }
  }

  /** A disk that holds something at those places. */
  private record Disk(long size, List<Long> places) implements SparseSource {
    @Override
    public Optional<Extent> next(long offset) {
      for (long place : places) {
        long end = Math.min(size, place + PIECE);
        if (end > offset && end > place) {
          return Optional.of(new Extent(place, end - place));
        }
      }
      return Optional.empty();
    }

    @Override
    public void read(long offset, ByteBuffer into) {
      for (long at = offset; into.hasRemaining(); at++) {
        into.put(at(at));
      }
    }

    byte at(long offset) {
      for (long place : places) {
        if (offset >= place && offset < place + PIECE) {
          return (byte) (1 + offset % 251);
        }
      }
      return 0;
    }

    long clusters() {
      return places.stream()
          .flatMap(
              p -> LongStream.rangeClosed(p >> 16, (Math.min(size, p + PIECE) - 1) >> 16).boxed())
          .distinct()
          .count();
    }

    @Override
    public void close() {}
  }

  /** Takes only what the disk holds. */
  private static final class Expecting implements SparseTarget {
    private final Disk disk;
    private long written;

    Expecting(Disk disk) {
      this.disk = disk;
    }

    @Override
    public long size() {
      return disk.size();
    }

    @Override
    public void write(long offset, ByteBuffer from) {
      written++;
      for (long at = offset; from.hasRemaining(); at++) {
        byte expected = disk.at(at);
        assertThat(from.get()).isEqualTo(expected);
      }
    }

    @Override
    public void zero(long offset, long length) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** Takes anything that lies within it. */
  private record Within(long size) implements SparseTarget {
    @Override
    public void write(long offset, ByteBuffer from) {
      assertThat(offset).isBetween(0L, size - from.remaining());
    }

    @Override
    public void zero(long offset, long length) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
