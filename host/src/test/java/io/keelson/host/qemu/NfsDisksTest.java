package io.keelson.host.qemu;

import static io.keelson.host.storage.Raised.fault;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.DiskSource;
import io.keelson.host.Domain;
import io.keelson.host.Progress;
import io.keelson.host.Storage;
import io.keelson.host.Storage.Below;
import io.keelson.host.StorageFault;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.host.storage.Disk;
import io.keelson.host.storage.NfsTestServer;
import io.keelson.host.storage.Raised;
import io.keelson.host.storage.Storages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks and CD images on a real NFS server, for guests too. */
final class NfsDisksTest {
  private static final long MIB = 1L << 20;
  private static final UUID HOST = Guests.HOST;

  @TempDir Path folder;
  private Path export;
  private NfsTestServer server;
  private Storage storage;
  private final UUID sr = UUID.randomUUID();

  @BeforeEach
  void start() throws Exception {
    export = Files.createDirectory(folder.resolve("export"));
    server = NfsTestServer.start(folder, export);
    storage = storage("nfs");
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private Storage storage(String type) {
    return Optional.ofNullable(Storages.local(folder.resolve("data")).get(type)).orElseThrow();
  }

  private Map<String, String> config() {
    return Map.of("server", server.address(), "serverpath", export.toString());
  }

  @Test
  void aRepositoryLivesOnTheServer() throws Exception {
    Map<String, String> address = Map.of("server", server.address());
    assertThat(Raised.by(() -> storage.probe(HOST, address)).choices())
        .contains("<Path>" + export + "</Path>", "<Target>" + server.address() + "</Target>");
    storage.create(HOST, sr, config(), 0);
    assertThat(storage.probe(HOST, config())).contains("<UUID>" + sr + "</UUID>");
    storage.attach(HOST, sr, config());
    UUID vdi = storage.createVolume(HOST, sr, UUID.randomUUID(), 2 * MIB).vdi();
    Disk.write(storage.open(HOST, sr, vdi, false), 0, 3);
    UUID copy = UUID.randomUUID();
    DiskSource after = storage.fork(HOST, sr, vdi, copy, false).rebased();
    Disk.write(after, 0, 4);
    assertThat(Disk.holds(storage.open(HOST, sr, copy, true), List.of(3, 0))).isTrue();
    assertThat(storage.resize(HOST, sr, copy, 3 * MIB).virtualSize()).isEqualTo(3 * MIB);
    // An image that a killed run left long ago is removed, and one just being made is not.
    Path images = export.resolve(sr.toString()).resolve("images");
    Path left = Files.write(images.resolve(UUID.randomUUID() + ".qcow2"), new byte[1]);
    Path made = Files.write(images.resolve(UUID.randomUUID() + ".qcow2"), new byte[1]);
    Files.setLastModifiedTime(left, FileTime.from(Instant.EPOCH));
    Storage next = storage("nfs");
    next.attach(HOST, sr, config());
    assertThat(left).doesNotExist();
    assertThat(made).exists();
    assertThat(next.scan(HOST, sr)).extracting(Volume::vdi).containsExactlyInAnyOrder(vdi, copy);
    assertThat(Disk.holds(next.open(HOST, sr, vdi, true), List.of(4, 0))).isTrue();
    StorageSpace space = next.space(HOST, sr);
    assertThat(space.size()).isEqualTo(Files.getFileStore(export).getTotalSpace());
    next.destroyVolume(HOST, sr, vdi);
    Disk.check(next.open(HOST, sr, copy, true));
    next.delete(HOST, sr);
    assertThat(export).isEmptyDirectory();
  }

  @Test
  void aGuestRunsFromTheServerAndIsForkedLive() {
    storage.create(HOST, sr, config(), 0);
    storage.attach(HOST, sr, config());
    try (Guests guests = new Guests(folder.resolve("g"))) {
      UUID vm = UUID.randomUUID();
      UUID vdi = UUID.randomUUID();
      DiskSource local = guests.bootDisk(vm).source().orElseThrow();
      storage.copyVolume(HOST, local, sr, vdi, Progress.NONE);
      DiskSource source = storage.open(HOST, sr, vdi, false);
      assertThat(source.location()).startsWith("nfs://");
      Domain domain = guests.running(Guests.spec(vm, List.of(Guests.disk(0, source)), List.of()));
      UUID copy = UUID.randomUUID();
      DiskSource rebased = storage.fork(HOST, sr, vdi, copy, true).rebased();
      guests.compute().switchDisk(HOST, vm, 0, rebased);
      assertThat(storage.scan(HOST, sr)).hasSize(2);
      guests.compute().destroy(HOST, domain.vm());
      Guests.awaitReady(
          guests
              .compute()
              .start(
                  HOST,
                  Guests.spec(
                      UUID.randomUUID(),
                      List.of(Guests.disk(0, storage.open(HOST, sr, copy, false))),
                      List.of()),
                  false));
    }
  }

  @Test
  void whatAGuestHasReadIsReadFromItsHost() throws Exception {
    storage.create(HOST, sr, config(), 0);
    storage.attach(HOST, sr, config());
    Storage local = storage("file");
    UUID cache = UUID.randomUUID();
    local.create(HOST, cache, Map.of(), 0);
    local.attach(HOST, cache, Map.of());
    try (Guests guests = new Guests(folder.resolve("g"))) {
      UUID vdi = UUID.randomUUID();
      DiskSource boot = guests.bootDisk(UUID.randomUUID()).source().orElseThrow();
      storage.copyVolume(HOST, boot, sr, vdi, Progress.NONE);
      assertThat(storage.below(HOST, sr, vdi)).isEmpty();
      storage.resetVolume(HOST, sr, vdi);
      Below below = storage.below(HOST, sr, vdi).orElseThrow();
      Path kept = local.keepReads(HOST, cache, vdi, below).orElseThrow();
      DiskSource source = storage.open(HOST, sr, vdi, false).keepingReads(kept);
      UUID vm = UUID.randomUUID();
      guests.running(Guests.spec(vm, List.of(Guests.disk(0, source)), List.of()));
      assertThat(local.keepReads(HOST, cache, vdi, below)).as("it is in use").isEmpty();
      guests.compute().destroy(HOST, vm);

      Path image = export.resolve(url(below).substring(urlLength()));
      FileTime time = Files.getLastModifiedTime(image);
      Guests.run("qemu-io", "-f", "qcow2", "-c", "write -P 0 0 512", image.toString());
      Files.setLastModifiedTime(image, time);
      storage.resetVolume(HOST, sr, vdi);
      Below again = storage.below(HOST, sr, vdi).orElseThrow();
      assertThat(local.keepReads(HOST, cache, vdi, again)).contains(kept);
      DiskSource next = storage.open(HOST, sr, vdi, false).keepingReads(kept);
      guests.running(Guests.spec(vm, List.of(Guests.disk(0, next)), List.of()));
      guests.compute().destroy(HOST, vm);

      // Whatever may have changed what is below makes it another.
      Guests.run("qemu-io", "-f", "qcow2", "-c", "write -P 1 0 512", url(below));
      Below changed = storage.below(HOST, sr, vdi).orElseThrow();
      assertThat(local.keepReads(HOST, cache, vdi, changed).orElseThrow()).isNotEqualTo(kept);
      assertThat(kept).doesNotExist();
      Below huge = new Below(changed.source(), 1L << 60, changed.state());
      assertThat(local.keepReads(HOST, cache, UUID.randomUUID(), huge)).isEmpty();
    }
    local.delete(HOST, cache);
  }

  private static String url(Below below) {
    return below.source().location();
  }

  /** How the URL of an image begins, up to the export's own folder. */
  private int urlLength() {
    return ("nfs://" + server.address() + export + "/").length();
  }

  @Test
  void cdImagesAreReadFromTheServer() throws Exception {
    Files.write(export.resolve("a disc.iso"), new byte[1 << 20]);
    Storage isos = storage("iso");
    Map<String, String> config = Map.of("location", server.address() + ":" + export);
    isos.create(HOST, sr, config, 0);
    isos.attach(HOST, sr, config);
    Volume disc = isos.scan(HOST, sr).getFirst();
    assertThat(disc.virtualSize()).isEqualTo(MIB);
    assertThat(Disk.holds(isos.open(HOST, sr, disc.vdi(), true), List.of(0))).isTrue();
    isos.detach(HOST, sr);
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThat(fault(() -> storage.create(HOST, sr, Map.of(), 0)))
        .isEqualTo(StorageFault.SERVER_MISSING);
    Map<String, String> other = Map.of("server", server.address(), "serverpath", "/nowhere");
    assertThat(fault(() -> storage.create(HOST, sr, other, 0))).isEqualTo(StorageFault.NFS_MOUNT);
    Map<String, String> nobody = Map.of("server", "127.0.0.1", "serverpath", "/");
    assertThat(fault(() -> storage.create(HOST, sr, nobody, 0)))
        .isIn(StorageFault.NFS_TARGET, StorageFault.NFS_MOUNT);
  }
}
