package io.keelson.image.vhd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.image.ImageException;
import io.keelson.image.MemoryDisk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Files that lie are refused, and nothing is written outside the disk. */
class HostileVhdTest {
  private static final int HEADER = 512;
  private static final int TABLE = 1536;

  @Test
  void sizesThatCannotBe() throws IOException {
    for (long size : new long[] {0, -512, 513, 1L << 60, Long.MAX_VALUE}) {
      refuses(footer(f -> f.putLong(48, size)));
    }
  }

  @Test
  void headersThatCannotBe() throws IOException {
    refuses(header(h -> h.putInt(HEADER + 32, 0))); // block size
    refuses(header(h -> h.putInt(HEADER + 32, 3 << 20)));
    refuses(header(h -> h.putInt(HEADER + 32, Integer.MIN_VALUE)));
    refuses(header(h -> h.putInt(HEADER + 28, 1))); // entries: fewer than the disk needs
    refuses(header(h -> h.putInt(HEADER + 28, -1)));
    refuses(header(h -> h.putInt(HEADER + 28, Integer.MAX_VALUE)));
    refuses(header(h -> h.putLong(HEADER + 16, 0))); // the table
    refuses(header(h -> h.putLong(HEADER + 16, Long.MAX_VALUE)));
    refuses(header(h -> h.putLong(HEADER + 16, -1)));
    refuses(footer(f -> f.putLong(16, 0)));
    refuses(footer(f -> f.putLong(16, 1L << 62)));
  }

  @Test
  void blocksThatAreNotInTheFile() throws IOException {
    refuses(table(t -> t.putInt(TABLE, 0))); // in the footer
    refuses(table(t -> t.putInt(TABLE, 3))); // in the table
    refuses(table(t -> t.putInt(TABLE, 0x7FFFFFFF)));
    refuses(table(t -> t.putInt(TABLE, 0xFFFFFFFE)));
    refuses(table(t -> t.putInt(TABLE + 4, t.getInt(TABLE)))); // two at one place
    refuses(table(t -> t.putInt(TABLE + 4, t.getInt(TABLE) + 1)));
  }

  @Test
  void aFileThatDoesNotFit() throws IOException {
    assertThatThrownBy(
            () -> VhdReader.copy(new ByteArrayInputStream(file()), new MemoryDisk(1 << 20)))
        .isInstanceOf(ImageException.class);
  }

  @Property(tries = 60)
  void truncatedFiles(@ForAll @IntRange(min = 0, max = (2 << 20) + 3071) int length)
      throws IOException {
    refuses(Arrays.copyOf(file(), length));
  }

  /** Whatever byte is wrong, the reader ends in one of two ways. */
  @Property(tries = 300)
  void damagedFiles(@ForAll @IntRange(min = 0, max = 3071) int at, @ForAll byte wrong)
      throws IOException {
    byte[] file = file();
    file[at] = wrong;
    MemoryDisk target = new MemoryDisk(5 << 20);
    try {
      VhdReader.copy(new ByteArrayInputStream(file), target);
    } catch (ImageException refused) {
      assertThat(refused.flaw().why()).isNotEmpty();
    }
  }

  private static void refuses(byte[] file) {
    MemoryDisk target = new MemoryDisk(5 << 20);
    assertThatThrownBy(() -> VhdReader.copy(new ByteArrayInputStream(file), target))
        .isInstanceOf(ImageException.class);
  }

  /** A disk of two blocks and a bit, of which the first is there. */
  private static byte[] file() throws IOException {
    MemoryDisk disk = new MemoryDisk(5 << 20);
    disk.write(1024, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    return VhdRoundTripTest.bytes(
        VhdWriter.dynamic(disk, new UUID(1, 2), Instant.parse("2026-01-01T00:00:00Z")));
  }

  private static byte[] table(Consumer<ByteBuffer> lie) throws IOException {
    byte[] file = file();
    lie.accept(ByteBuffer.wrap(file));
    return file;
  }

  private static byte[] header(Consumer<ByteBuffer> lie) throws IOException {
    byte[] file = table(lie);
    byte[] header = Arrays.copyOfRange(file, HEADER, TABLE);
    ByteBuffer.wrap(file).putInt(HEADER + 36, VhdChecksum.of(header, 36));
    return file;
  }

  private static byte[] footer(Consumer<ByteBuffer> lie) throws IOException {
    byte[] file = table(lie);
    byte[] footer = Arrays.copyOf(file, VhdFooter.BYTES);
    ByteBuffer.wrap(file).putInt(64, VhdChecksum.of(footer, 64));
    return file;
  }
}
