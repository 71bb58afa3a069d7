package io.keelson.image.xva;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.Value;
import io.keelson.image.Flaw;
import io.keelson.image.ImageException;
import io.keelson.image.MemoryDisk;
import io.keelson.image.tar.TarReader;
import io.keelson.image.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives of disks: what is in them, and what is refused. */
class XvaTest {
  static final long SIZE = (5L << 20) + 512;
  private static final InstantSource STILL = InstantSource.fixed(Instant.EPOCH);

  @Property(tries = 30)
  void disksComeBack(@ForAll @Size(max = 5) List<@LongRange(min = 0, max = SIZE - 1) Long> places)
      throws IOException {
    MemoryDisk disk = new MemoryDisk(SIZE);
    for (long at : places) {
      disk.write(at, ByteBuffer.wrap(new byte[] {(byte) at}));
    }
    var out = new ByteArrayOutputStream();
    XvaWriter writer = new XvaWriter(out, STILL, "x".getBytes(US_ASCII));
    writer.disk("Ref:1", disk);
    writer.disk("Ref:2", new MemoryDisk(512));
    writer.end();
    XvaReader reader = new XvaReader(new ByteArrayInputStream(out.toByteArray()), true);
    assertThat(reader.ovaXml()).asString().isEqualTo("x");
    MemoryDisk read = new MemoryDisk(SIZE);
    reader.disk("Ref:1", SIZE, read);
    reader.disk("Ref:2", 512, new MemoryDisk(4096));
    reader.end();
    assertThat(read.contents()).isEqualTo(disk.contents());
  }

  @Test
  void onlyTheFirstAndTheLastChunkOfZeroesAreThere() throws IOException {
    MemoryDisk disk = new MemoryDisk(SIZE);
    disk.write(3 << 20, ByteBuffer.wrap(new byte[] {1}));
    disk.write(4 << 20, ByteBuffer.wrap(new byte[] {0}));
    assertThat(names(disk, STILL))
        .containsExactly(
            "d/00000000", "d/00000000.checksum",
            "d/00000003", "d/00000003.checksum",
            "d/00000005", "d/00000005.checksum");
  }

  @Test
  void emptyFilesBreakALongSilence() throws IOException {
    AtomicLong seconds = new AtomicLong();
    InstantSource hasty = () -> Instant.ofEpochSecond(seconds.addAndGet(3));
    MemoryDisk disk = new MemoryDisk(100 << 20);
    List<String> names = names(disk, hasty);
    assertThat(names).hasSizeBetween(10, 200);
    var out = new ByteArrayOutputStream();
    new DiskChunksWriter(new TarWriter(out), hasty).write("d", disk);
    MemoryDisk read = new MemoryDisk(disk.size());
    new DiskChunksReader(new TarReader(new ByteArrayInputStream(out.toByteArray())), true)
        .read("d", disk.size(), read);
    assertThat(read.contents()).isEmpty();
  }

  private static List<String> names(MemoryDisk disk, InstantSource clock) throws IOException {
    var out = new ByteArrayOutputStream();
    TarWriter tar = new TarWriter(out);
    new DiskChunksWriter(tar, clock).write("d", disk);
    tar.end();
    TarReader in = new TarReader(new ByteArrayInputStream(out.toByteArray()));
    List<String> names = new ArrayList<>();
    for (var entry = in.next(); entry.isPresent(); entry = in.next()) {
      names.add(entry.get().name());
      in.contents(1 << 20);
    }
    return names;
  }

  @ParameterizedTest
  @EnumSource
  void checksumsOfBothKindsAreRead(ChunkChecksum kind) throws IOException {
    byte[] chunk = {1, 2, 3, 4};
    Archive good = new Archive().file("d/00000000", chunk);
    good.file("d/00000000" + kind.suffix(), kind.of(chunk, 4).getBytes(US_ASCII));
    MemoryDisk read = new MemoryDisk(4);
    good.reader(true).read("d", 4, read);
    assertThat(read.contents()).hasSize(1);
    Archive bad = new Archive().file("d/00000000", new byte[] {1, 2, 3, 5});
    bad.file("d/00000000" + kind.suffix(), kind.of(chunk, 4).getBytes(US_ASCII));
    assertThat(flaw(bad, 4)).isEqualTo(new Flaw.WrongChecksum("d/00000000"));
    bad.reader(false).read("d", 4, new MemoryDisk(4));
  }

  @Test
  void filesThatAreNotTheNext() throws IOException {
    assertThat(flaw(new Archive().file("e/00000000", new byte[4]), 4))
        .isEqualTo(new Flaw.UnexpectedFile("d/00000000", "e/00000000"));
    assertThat(flaw(new Archive().file("d/0000000x", new byte[4]), 4))
        .isInstanceOf(Flaw.UnexpectedFile.class);
    assertThat(flaw(new Archive().file("d/00000001", new byte[4]), 4))
        .isInstanceOf(Flaw.UnexpectedFile.class);
    assertThat(
            flaw(new Archive().file("d/00000000", new byte[4]).file("d/00000001", new byte[4]), 4))
        .isInstanceOf(Flaw.UnexpectedFile.class);
    assertThat(flaw(new Archive().chunk("d", 0, 1 << 20).chunk("d", 0, 1 << 20), 2 << 20))
        .isInstanceOf(Flaw.UnexpectedFile.class);
    assertThat(flaw(new Archive().chunk("d", 0, 1 << 20).chunk("d", 1, 5), 2 << 20))
        .isInstanceOf(Flaw.Malformed.class);
    assertThat(flaw(new Archive().chunk("d", 0, 5), 4)).isInstanceOf(Flaw.Malformed.class);
    assertThat(flaw(new Archive().chunk("d", 0, (1 << 20) + 1), 2 << 20))
        .isInstanceOf(Flaw.TooLarge.class);
    assertThat(flaw(new Archive().chunk("d", 0, 1 << 20), 2 << 20))
        .isEqualTo(new Flaw.PrematureEnd());
  }

  private static Flaw flaw(Archive archive, long size) throws IOException {
    DiskChunksReader reader = archive.reader(true);
    try {
      reader.read("d", size, new MemoryDisk(size));
    } catch (ImageException e) {
      return e.flaw();
    }
    throw new AssertionError("nobody minded");
  }

  /** An archive made by hand. */
  private static final class Archive {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarWriter tar = new TarWriter(bytes);

    Archive file(String name, byte[] contents) throws IOException {
      tar.file(name, contents);
      return this;
    }

    Archive chunk(String folder, long number, int length) throws IOException {
      byte[] chunk = new byte[length];
      String name = Chunks.name(folder, number);
      String sum = ChunkChecksum.SHA_1.of(chunk, length);
      return file(name, chunk).file(name + ".checksum", sum.getBytes(US_ASCII));
    }

    DiskChunksReader reader(boolean verify) throws IOException {
      tar.end();
      return new DiskChunksReader(
          new TarReader(new ByteArrayInputStream(bytes.toByteArray())), verify);
    }
  }

  @Test
  void theHashIsTheOneOfItsSpecification() {
    assertThat(xxh64("")).isEqualTo(0xEF46DB3751D8E999L);
    assertThat(xxh64("a")).isEqualTo(0xD24EC4F1A98C6E5BL);
    assertThat(xxh64("abc")).isEqualTo(0x44BC2CF5AD770999L);
    assertThat(xxh64("Nobody inspects the spammish repetition")).isEqualTo(0xFBCEA83C8A378BF1L);
  }

  private static long xxh64(String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    return Xxh64.hash(bytes, bytes.length);
  }

  @Test
  void theDocumentIsAValue() throws IOException {
    assertThat(
            OvaXml.read(
                "<value><struct><member><name>a</name><value>1</value></member></struct></value>"
                    .getBytes(US_ASCII)))
        .isEqualTo(new Value.Structure(Map.of("a", new Value.Text("1"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "<value>",
        "<!DOCTYPE v [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><value>&e;</value>",
        "<!DOCTYPE v><value>1</value>",
        "<value>&e;</value>",
        "<value><struct><member></member></struct></value>",
        "<methodCall/>"
      })
  void documentsThatAreNone(String document) {
    assertThatThrownBy(() -> OvaXml.read(document.getBytes(US_ASCII)))
        .isInstanceOf(ImageException.class);
  }

  @Test
  void documentsThatAreTooDeep() {
    String deep = "<value><array><data>".repeat(1000) + "</data></array></value>".repeat(1000);
    assertThatThrownBy(() -> OvaXml.read(deep.getBytes(US_ASCII)))
        .isInstanceOf(ImageException.class);
  }
}
