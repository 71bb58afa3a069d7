package io.keelson.host.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.host.DiskSource;
import io.keelson.host.DiskSource.Format;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.VolumeBytes;
import io.keelson.host.process.Program;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contents of images through a real qemu-nbd. */
class NbdVolumeTest {
  private static final int SIZE = 12 << 20;

  /** Whatever is written, zeroed and read, it is what a plain array would hold. */
  @Property(tries = 6)
  void holdsWhatWasWritten(@ForAll long seed, @ForAll Format format) throws IOException {
    Path folder = Files.createTempDirectory("nbdtest");
    Path image = image(folder, format);
    byte[] model = new byte[SIZE];
    Random random = new Random(seed);
    try {
      try (VolumeBytes volume = NbdVolume.open(source(image, format), false)) {
        assertThat(volume.size()).isEqualTo(SIZE);
        for (int step = 0; step < 25; step++) {
          change(volume, model, random);
        }
        volume.flush();
      }
      try (VolumeBytes volume = NbdVolume.open(source(image, format), true)) {
        check(volume, model);
      }
      Path raw = folder.resolve("expected");
      Files.write(raw, model);
      List<String> compare =
          List.of("qemu-img", "compare", "-f", name(format), "-F", "raw", image + "", raw + "");
      assertThat(Program.run(Duration.ofMinutes(1), compare).complaint())
          .contains("Images are identical");
      Files.delete(raw);
    } finally {
      Files.delete(image);
      Files.delete(folder);
    }
  }

  private static void change(VolumeBytes volume, byte[] model, Random random) {
    int offset = random.nextInt(SIZE);
    int length = 1 + random.nextInt(Math.min(SIZE - offset, 6 << 20));
    switch (random.nextInt(3)) {
      case 0 -> {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        volume.write(offset, ByteBuffer.wrap(bytes));
        System.arraycopy(bytes, 0, model, offset, length);
      }
      case 1 -> {
        volume.zero(offset, length);
        Arrays.fill(model, offset, offset + length, (byte) 0);
      }
      default -> {
        ByteBuffer into = ByteBuffer.allocate(length);
        volume.read(offset, into);
        assertThat(into.array()).isEqualTo(Arrays.copyOfRange(model, offset, offset + length));
      }
    }
  }

  /** What lies outside the stretches is zero, and what lies within reads right. */
  private static void check(VolumeBytes volume, byte[] model) {
    long at = 0;
    Optional<VolumeBytes.Stretch> next = volume.next(0);
    while (next.isPresent()) {
      VolumeBytes.Stretch stretch = next.get();
      long from = Math.max(at, stretch.offset());
      long end = stretch.offset() + stretch.length();
      assertZero(model, at, from);
      ByteBuffer into = ByteBuffer.allocate((int) (end - from));
      volume.read(from, into);
      assertThat(into.array()).isEqualTo(Arrays.copyOfRange(model, (int) from, (int) end));
      at = end;
      next = volume.next(at);
    }
    assertZero(model, at, SIZE);
  }

  private static void assertZero(byte[] model, long from, long to) {
    for (long i = from; i < to; i++) {
      assertThat(model[(int) i]).isZero();
    }
  }

  @Test
  void emptyImageHoldsNothing(@TempDir Path folder) {
    Path image = image(folder, Format.QCOW2);
    try (VolumeBytes volume = NbdVolume.open(source(image, Format.QCOW2), true)) {
      assertThat(volume.next(0)).isEmpty();
      assertThatThrownBy(() -> volume.read(SIZE - 1, ByteBuffer.allocate(2)))
          .isInstanceOf(DriverException.class);
      assertThatThrownBy(() -> volume.write(0, ByteBuffer.allocate(512)))
          .isInstanceOf(DriverException.class);
    }
  }

  @Test
  void whatCannotBeOpenedSaysWhy(@TempDir Path folder) {
    DiskSource missing = source(folder.resolve("none"), Format.QCOW2);
    assertThatThrownBy(() -> NbdVolume.open(missing, true))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND));
    DiskSource image = source(image(folder, Format.QCOW2), Format.QCOW2);
    try (VolumeBytes _ = NbdVolume.open(image, false)) {
      assertThatThrownBy(() -> NbdVolume.open(image, true))
          .isInstanceOfSatisfying(
              DriverException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_STATE));
    }
    assertThat(servers(folder)).isEmpty();
  }

  /** A raw disk whose guest wrote a header into it is bytes, and names no other file. */
  @Test
  void contentsAreNeverProbed(@TempDir Path folder) throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "x".repeat(512));
    Path evil = folder.resolve("evil");
    List<String> make =
        List.of(
            "qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", secret + "", evil + "");
    assertThat(Program.run(Duration.ofMinutes(1), make).ok()).isTrue();
    byte[] header = Files.readAllBytes(evil);
    try (VolumeBytes volume = NbdVolume.open(source(evil, Format.RAW), true)) {
      ByteBuffer into = ByteBuffer.allocate(512);
      volume.read(0, into);
      assertThat(into.array()).isEqualTo(Arrays.copyOf(header, 512));
    }
  }

  private static List<String> servers(Path folder) {
    return ProcessHandle.allProcesses()
        .flatMap(p -> p.info().commandLine().stream())
        .filter(c -> c.contains(folder.toString()))
        .toList();
  }

  private static Path image(Path folder, Format format) {
    Path image = folder.resolve("image");
    List<String> command =
        List.of("qemu-img", "create", "-q", "-f", name(format), image.toString(), "" + SIZE);
    assertThat(Program.run(Duration.ofMinutes(1), command).ok()).isTrue();
    return image;
  }

  private static DiskSource source(Path image, Format format) {
    return new DiskSource(image.toString(), format);
  }

  private static String name(Format format) {
    return format.name().toLowerCase(Locale.ROOT);
  }
}
