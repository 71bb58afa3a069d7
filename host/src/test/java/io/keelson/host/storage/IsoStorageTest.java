package io.keelson.host.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Storage;
import io.keelson.host.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IsoStorageTest {
  private static final UUID HOST = UUID.randomUUID();

  @TempDir Path folder;
  private final UUID sr = UUID.randomUUID();
  private final Storage storage =
      Objects.requireNonNull(Storages.local(Path.of("unused")).get("iso"));

  private static Reason reason(Runnable call) {
    return catchThrowableOfType(DriverException.class, call::run).reason();
  }

  private void attach(Path location) {
    Map<String, String> config = Map.of("location", location.toString(), "legacy_mode", "true");
    storage.create(HOST, sr, config, 0);
    storage.attach(HOST, sr, config);
  }

  @Test
  void imagesComeAndGoAndComeBackAsTheSame() throws IOException {
    attach(folder);
    assertThat(storage.scan(HOST, sr)).isEmpty();
    Path file = Files.write(folder.resolve("Debian 12.ISO"), new byte[4096]);
    Files.write(folder.resolve("readme.txt"), new byte[1]);
    Volume volume = storage.scan(HOST, sr).getFirst();
    assertThat(volume)
        .isEqualTo(new Volume(volume.vdi(), "Debian 12.ISO", "Debian 12.ISO", 4096, 4096, true));
    assertThat(storage.open(HOST, sr, volume.vdi(), true))
        .isEqualTo(new DiskSource(file.toRealPath().toString(), DiskSource.Format.RAW));
    Files.delete(file);
    assertThat(storage.scan(HOST, sr)).isEmpty();
    assertThat(reason(() -> storage.describe(HOST, sr, volume.vdi()))).isEqualTo(Reason.NOT_FOUND);
    Files.write(file, new byte[4096]);
    assertThat(storage.scan(HOST, sr)).containsExactly(volume);
  }

  @Test
  void aLinkCountsOnlyInsideTheLibrary() throws IOException {
    Path library = Files.createDirectory(folder.resolve("library"));
    Path secret = Files.write(folder.resolve("secret.iso"), new byte[512]);
    Path real = Files.write(library.resolve("a.iso"), new byte[512]);
    Files.createSymbolicLink(library.resolve("b.iso"), real.getFileName());
    Files.createSymbolicLink(library.resolve("c.iso"), secret);
    Files.createSymbolicLink(library.resolve("d.iso"), Path.of("nowhere"));
    Files.createDirectory(library.resolve("e.iso"));
    attach(library);
    assertThat(storage.scan(HOST, sr))
        .extracting(Volume::name)
        .isEqualTo(List.of("a.iso", "b.iso"));
  }

  @Test
  void nothingIsWritten() throws IOException {
    Files.write(folder.resolve("a.iso"), new byte[512]);
    attach(folder);
    UUID vdi = storage.scan(HOST, sr).getFirst().vdi();
    assertThat(reason(() -> storage.open(HOST, sr, vdi, false))).isEqualTo(Reason.INVALID);
    assertThat(reason(() -> storage.createVolume(HOST, sr, UUID.randomUUID(), 512)))
        .isEqualTo(Reason.UNSUPPORTED);
    assertThat(reason(() -> storage.destroyVolume(HOST, sr, vdi))).isEqualTo(Reason.UNSUPPORTED);
    storage.delete(HOST, sr);
    assertThat(folder.resolve("a.iso")).exists();
    assertThat(reason(() -> storage.scan(HOST, sr))).isEqualTo(Reason.WRONG_STATE);
  }

  @Test
  void theFolderMustBeThere() {
    assertThat(reason(() -> attach(folder.resolve("none")))).isEqualTo(Reason.NOT_FOUND);
    assertThat(reason(() -> storage.attach(HOST, sr, Map.of()))).isEqualTo(Reason.INVALID);
    assertThat(
            reason(() ->
                storage.attach(HOST, sr, Map.of("location", folder.toString(), "type", "nfs_iso"))))
        .isEqualTo(Reason.INVALID);
  }
}
