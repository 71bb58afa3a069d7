package io.keelson.image.vhd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.image.MemoryDisk;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files go both ways between this code and QEMU's. */
class VhdAgainstQemuTest {
  private static final long SIZE = (9 << 20) + 512; // no multiple of a cylinder

  @TempDir Path folder;

  @BeforeEach
  void needsQemuImg() {
    assumeTrue(
        Stream.of("/usr/bin/qemu-img", "/usr/local/bin/qemu-img")
            .map(Path::of)
            .anyMatch(Files::exists));
  }

  @Test
  void qemuReadsWhatIsWritten() throws Exception {
    MemoryDisk disk = disk();
    Path vhd = folder.resolve("ours.vhd");
    try (OutputStream out = Files.newOutputStream(vhd)) {
      VhdWriter.dynamic(disk, UUID.randomUUID(), Instant.now()).writeTo(out);
    }
    run("convert", "-f", "vpc", "-O", "raw", vhd.toString(), folder + "/raw");
    assertThat(folder.resolve("raw")).hasBinaryContent(all(disk));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamic", "fixed"})
  void whatQemuWritesIsRead(String subformat) throws Exception {
    MemoryDisk disk = disk();
    Path raw = folder.resolve("raw");
    Files.write(raw, all(disk));
    Path vhd = folder.resolve("theirs.vhd");
    String options = "force_size=on,subformat=" + subformat;
    run("convert", "-f", "raw", "-O", "vpc", "-o", options, raw.toString(), vhd.toString());
    MemoryDisk read = new MemoryDisk(SIZE);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(vhd))) {
      VhdReader reader = VhdReader.copy(in, read);
      assertThat(reader.kind().name()).isEqualToIgnoringCase(subformat);
      assertThat(reader.size()).isEqualTo(SIZE);
    }
    assertThat(read.contents()).isEqualTo(disk.contents());
  }

  @Test
  void qemuFindsTheLargestDiskToBeOfItsSize() throws Exception {
    Path vhd = folder.resolve("large.vhd");
    MemoryDisk disk = new MemoryDisk(VhdWriter.MOST_BYTES);
    try (OutputStream out = Files.newOutputStream(vhd)) {
      VhdWriter.dynamic(disk, UUID.randomUUID(), Instant.now()).writeTo(out);
    }
    assertThat(run("info", "--output=json", "-f", "vpc", vhd.toString()))
        .contains("\"virtual-size\": " + VhdWriter.MOST_BYTES);
  }

  private static MemoryDisk disk() throws IOException {
    MemoryDisk disk = new MemoryDisk(SIZE);
    Random random = new Random(42);
    for (long at : List.of(0L, (2L << 20) - 512, 5L << 20, SIZE - 1024)) {
      byte[] bytes = new byte[1024];
      random.nextBytes(bytes);
      disk.write(at, ByteBuffer.wrap(bytes));
    }
    return disk;
  }

  private static byte[] all(MemoryDisk disk) throws IOException {
    byte[] bytes = new byte[(int) disk.size()];
    disk.read(0, ByteBuffer.wrap(bytes));
    return bytes;
  }

  private static String run(String... arguments) throws Exception {
    Process process =
        new ProcessBuilder(Stream.concat(Stream.of("qemu-img"), Stream.of(arguments)).toList())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
