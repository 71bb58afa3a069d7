package io.keelson.host.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.process.Program;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that are not what they should be are refused, and harm no others. */
final class DamageTest {
  private static final long MIB = 1L << 20;
  private static final UUID HOST = UUID.randomUUID();

  @TempDir Path data;
  private final UUID sr = UUID.randomUUID();
  private final UUID vdi = UUID.randomUUID();
  private FileStorage storage;
  private Path image;

  @BeforeEach
  void oneVolume() {
    storage = new FileStorage(data);
    storage.create(HOST, sr, Map.of(), 0);
    storage.attach(HOST, sr, Map.of());
    storage.createVolume(HOST, sr, vdi, MIB);
    image = Path.of(storage.open(HOST, sr, vdi, false).location());
  }

  private Reason openReason() {
    return catchThrowableOfType(DriverException.class, () -> storage.open(HOST, sr, vdi, true))
        .reason();
  }

  private void replace(String... arguments) throws IOException {
    Files.deleteIfExists(image);
    Program.Outcome outcome = Program.run(Duration.ofSeconds(10), List.of(arguments));
    assertThat(outcome.complaint()).isEqualTo("exit code 0");
  }

  @Test
  void aBackingOutsideTheRepositoryIsCorrupt() throws IOException {
    Path secret = Files.writeString(data.resolve("secret"), "secret".repeat(100));
    replace(
        "qemu-img",
        "create",
        "-q",
        "-u",
        "-f",
        "qcow2",
        "-F",
        "raw",
        "-b",
        secret.toString(),
        image.toString(),
        "1M");
    assertThat(openReason()).isEqualTo(Reason.CORRUPT);
    replace(
        "qemu-img",
        "create",
        "-q",
        "-u",
        "-f",
        "qcow2",
        "-F",
        "qcow2",
        "-b",
        "../../secret",
        image.toString(),
        "1M");
    assertThat(openReason()).isEqualTo(Reason.CORRUPT);
    assertThat(storage.scan(HOST, sr)).isEmpty();
  }

  @Test
  void dataKeptInAnotherFileIsCorrupt() throws IOException {
    replace(
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        "-o",
        "data_file=" + data.resolve("d"),
        image.toString(),
        "1M");
    assertThat(openReason()).isEqualTo(Reason.CORRUPT);
  }

  @Test
  void aLinkOutOfTheRepositoryIsCorrupt() throws IOException {
    Path link = data.resolve(sr + "/" + vdi + ".qcow2");
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("/etc/passwd"));
    assertThat(openReason()).isEqualTo(Reason.CORRUPT);
    Files.delete(image);
    Files.createSymbolicLink(image, Path.of("/etc/passwd"));
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("images").resolve(image.getFileName()));
    assertThat(openReason()).isEqualTo(Reason.CORRUPT);
  }

  @Test
  void aDamagedVolumeKeepsEveryImageUntilItIsDestroyed() throws IOException {
    UUID copy = UUID.randomUUID();
    storage.fork(HOST, sr, vdi, copy, false);
    DiskSource top = storage.open(HOST, sr, vdi, false);
    try (FileChannel channel =
        FileChannel.open(Path.of(top.location()), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {0}), 0);
    }
    assertThat(openReason()).isEqualTo(Reason.CORRUPT);
    assertThat(storage.scan(HOST, sr)).hasSize(1);
    storage.detach(HOST, sr);
    storage.attach(HOST, sr, Map.of());
    assertThat(image).exists();
    assertThat(Disk.holds(storage.open(HOST, sr, copy, true), List.of(0))).isTrue();
    storage.destroyVolume(HOST, sr, vdi);
    storage.destroyVolume(HOST, sr, copy);
    storage.detach(HOST, sr);
    storage.attach(HOST, sr, Map.of());
    try (var files = Files.list(data.resolve(sr + "/images"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void aMissingBaseIsCorrupt() throws IOException {
    storage.fork(HOST, sr, vdi, UUID.randomUUID(), false);
    Files.delete(image);
    assertThat(openReason()).isEqualTo(Reason.CORRUPT);
  }
}
