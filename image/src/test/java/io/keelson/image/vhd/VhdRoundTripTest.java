package io.keelson.image.vhd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.image.Flaw;
import io.keelson.image.ImageException;
import io.keelson.image.MemoryDisk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
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

/** What is written is read back, whatever is on the disk. */
class VhdRoundTripTest {
  private static final Instant TIME = Instant.parse("2026-03-04T05:06:07Z");
  private static final long SECTORS = 3 * 4096 + 5; // no multiple of a block or a cylinder

  /** Bytes written somewhere. */
  record Write(long sector, int sectors, byte filling) {
    void to(MemoryDisk disk) {
      byte[] bytes = new byte[(int) Math.min(sectors, SECTORS - sector) * 512];
      Arrays.fill(bytes, filling);
      try {
        disk.write(sector * 512, ByteBuffer.wrap(bytes));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Provide
  Arbitrary<List<Write>> writes() {
    return Combinators.combine(
            Arbitraries.longs().between(0, SECTORS - 1),
            Arbitraries.integers().between(1, 40),
            Arbitraries.bytes())
        .as(Write::new)
        .list()
        .ofMaxSize(6);
  }

  @Property(tries = 50)
  void dynamic(@ForAll("writes") List<Write> writes) throws IOException {
    MemoryDisk disk = new MemoryDisk(SECTORS * 512);
    writes.forEach(w -> w.to(disk));
    UUID id = UUID.randomUUID();
    VhdWriter writer = VhdWriter.dynamic(disk, id, TIME);
    byte[] file = bytes(writer);
    assertThat(file).hasSize((int) writer.length());
    MemoryDisk read = new MemoryDisk(disk.size());
    VhdReader reader = VhdReader.copy(new ByteArrayInputStream(file), read);
    assertThat(reader.id()).isEqualTo(id);
    assertThat(reader.kind()).isEqualTo(VhdKind.DYNAMIC);
    assertThat(reader.size()).isEqualTo(disk.size());
    assertThat(read.contents()).isEqualTo(disk.contents());
  }

  @Property(tries = 50)
  void differencing(@ForAll("writes") List<Write> before, @ForAll("writes") List<Write> after)
      throws IOException {
    MemoryDisk parent = new MemoryDisk(SECTORS * 512);
    before.forEach(w -> w.to(parent));
    MemoryDisk changes = new MemoryDisk(parent.size());
    MemoryDisk whole = parent.copy();
    after.forEach(w -> {
      w.to(changes);
      w.to(whole);
    });
    VhdParent named = new VhdParent(UUID.randomUUID(), TIME, "parent.vhd");
    byte[] file = bytes(VhdWriter.differencing(changes, UUID.randomUUID(), TIME, named));
    MemoryDisk target = parent.copy();
    VhdReader reader = VhdReader.copy(new ByteArrayInputStream(file), target);
    assertThat(reader.parent()).contains(named);
    assertThat(target.contents()).isEqualTo(whole.contents());
  }

  @Test
  void theLargestDiskIsWrittenAndALargerOneIsNot() throws IOException {
    MemoryDisk disk = new MemoryDisk(VhdWriter.MOST_BYTES);
    disk.write(disk.size() - 512, ByteBuffer.wrap(new byte[] {7}));
    byte[] file = bytes(VhdWriter.dynamic(disk, UUID.randomUUID(), TIME));
    MemoryDisk read = new MemoryDisk(disk.size());
    assertThat(VhdReader.copy(new ByteArrayInputStream(file), read).size())
        .isEqualTo(VhdWriter.MOST_BYTES);
    assertThat(read.contents()).isEqualTo(disk.contents());
    MemoryDisk larger = new MemoryDisk(VhdWriter.MOST_BYTES + 512);
    assertThatThrownBy(() -> VhdWriter.dynamic(larger, UUID.randomUUID(), TIME))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.flaw()).isInstanceOf(Flaw.TooLarge.class));
  }

  static byte[] bytes(VhdWriter writer) throws IOException {
    var out = new ByteArrayOutputStream();
    try (OutputStream closing = out) {
      writer.writeTo(closing);
    }
    return out.toByteArray();
  }
}
