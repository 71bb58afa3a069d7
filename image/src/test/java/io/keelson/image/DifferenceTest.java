package io.keelson.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.image.qcow2.Qcow2Reader;
import io.keelson.image.qcow2.Qcow2Writer;
import io.keelson.image.vhd.VhdParent;
import io.keelson.image.vhd.VhdReader;
import io.keelson.image.vhd.VhdWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What differs, laid over the base, is the disk again: in every format that holds differences. */
class DifferenceTest {
  private static final int SECTORS = 5000;
  private static final String BASE = "base.qcow2";

  record Write(long sector, int sectors, byte value) {
    void to(MemoryDisk disk) {
      byte[] bytes = new byte[512 * (int) Math.min(sectors, disk.size() / 512 - sector)];
      Arrays.fill(bytes, value);
      try {
        disk.write(sector * 512, ByteBuffer.wrap(bytes));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Many of zeroes, as when a guest clears what it had. */
  @Provide
  Arbitrary<List<Write>> writes() {
    return Combinators.combine(
            Arbitraries.longs().between(0, SECTORS - 1),
            Arbitraries.integers().between(1, 700),
            Arbitraries.of((byte) 0, (byte) 1, (byte) 2))
        .as(Write::new)
        .list()
        .ofMaxSize(6);
  }

  @Property(tries = 40)
  void madeGoodByVhd(@ForAll("writes") List<Write> before, @ForAll("writes") List<Write> after)
      throws IOException {
    MemoryDisk base = written(new MemoryDisk(SECTORS * 512L), before);
    MemoryDisk disk = written(base.copy(), after);
    VhdParent parent = new VhdParent(UUID.randomUUID(), Instant.EPOCH, "base.vhd");
    VhdWriter writer =
        VhdWriter.differencing(Difference.of(disk, base), UUID.randomUUID(), Instant.EPOCH, parent);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.writeTo(out);
    VhdReader _ = VhdReader.copy(new ByteArrayInputStream(out.toByteArray()), base);
    assertThat(base.contents()).isEqualTo(disk.contents());
  }

  @Property(tries = 40)
  void madeGoodByQcow2(@ForAll("writes") List<Write> before, @ForAll("writes") List<Write> after)
      throws IOException {
    MemoryDisk base = written(new MemoryDisk(SECTORS * 512L), before);
    MemoryDisk disk = written(base.copy(), after);
    Path file = Files.createTempFile("difference", ".qcow2");
    try {
      try (OutputStream out = Files.newOutputStream(file)) {
        new Qcow2Writer(Difference.of(disk, base), BASE).writeTo(out);
      }
      try (FileChannel channel = FileChannel.open(file)) {
        Qcow2Reader reader = Qcow2Reader.of(channel);
        assertThat(reader.backing()).contains(BASE);
        reader.copyTo(base, _ -> {});
      }
    } finally {
      Files.delete(file);
    }
    assertThat(base.contents()).isEqualTo(disk.contents());
  }

  @Test
  void sameContentIsNoDifferenceWhereverItIsKept() throws IOException {
    MemoryDisk base = written(new MemoryDisk(1 << 20), List.of(new Write(0, 900, (byte) 1)));
    MemoryDisk disk = written(new MemoryDisk(2 << 20), List.of(new Write(0, 900, (byte) 1)));
    assertThat(Difference.of(disk, base).next(0)).isEmpty();
    new Write(4000, 1, (byte) 3).to(disk);
    assertThat(Difference.of(disk, base).next(0)).contains(new Extent(0x1F0000, 0x10000));
  }

  private static MemoryDisk written(MemoryDisk disk, List<Write> writes) {
    writes.forEach(w -> w.to(disk));
    return disk;
  }
}
