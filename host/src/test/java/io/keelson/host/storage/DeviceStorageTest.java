package io.keelson.host.storage;

import static io.keelson.host.storage.Raised.fault;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.Storage;
import io.keelson.host.StorageFault;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.host.storage.image.QemuImg;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kinds {@code ext} and {@code udev} on a real block device, and {@code dummy}. */
final class DeviceStorageTest {
  private static final long MIB = 1L << 20;
  private static final UUID HOST = UUID.randomUUID();

  @TempDir Path data;
  private final UUID sr = UUID.randomUUID();

  private Storage storage(String type) {
    return Optional.ofNullable(Storages.local(data).get(type)).orElseThrow();
  }

  private void mounted(LoopDevice device, UUID repository) {
    Path _ =
        new Mounts(data.resolve("mnt"))
            .mount(
                repository.toString(),
                "ext4",
                device.path().toString(),
                List.of(),
                StorageFault.UNAVAILABLE);
  }

  @Test
  void aDeviceIsFormattedAndComesBackAfterAnotherRun() throws Exception {
    try (LoopDevice device = LoopDevice.of(data.resolve("disk"), 64 * MIB)) {
      Map<String, String> config = Map.of("device", device.path().toString());
      Storage storage = storage("ext");
      assertThat(storage.probe(HOST, config)).doesNotContain("<UUID>");
      storage.create(HOST, sr, config, 0);
      assertThat(Mounts.all()).noneMatch(m -> m.source().equals(device.path().toString()));
      assertThat(storage.probe(HOST, config))
          .contains("<UUID>" + sr + "</UUID>", "<Devlist>" + device.path() + "</Devlist>");
      storage.attach(HOST, sr, config);
      StorageSpace empty = storage.space(HOST, sr);
      assertThat(empty.size()).isBetween(48 * MIB, 64 * MIB);
      UUID vdi = storage.createVolume(HOST, sr, UUID.randomUUID(), 2 * MIB).vdi();
      Disk.write(storage.open(HOST, sr, vdi, false), 0, 5);
      assertThat(storage.space(HOST, sr).used()).isGreaterThanOrEqualTo(empty.used() + MIB);
      assertThat(fault(() -> storage.create(HOST, UUID.randomUUID(), config, 0)))
          .isEqualTo(StorageFault.DEVICE_IN_USE);
      storage.detach(HOST, sr);
      assertThat(data.resolve("mnt").resolve(sr.toString())).doesNotExist();
      // A run that was killed leaves its mount to the next.
      mounted(device, sr);
      Storage next = storage("ext");
      next.attach(HOST, sr, config);
      assertThat(Disk.holds(next.open(HOST, sr, vdi, true), List.of(5, 0))).isTrue();
      next.detach(HOST, sr);
      assertThat(data.resolve("mnt").resolve(sr.toString())).doesNotExist();
      assertThat(Raised.by(() -> next.attach(HOST, UUID.randomUUID(), config)).reason())
          .isEqualTo(Reason.INVALID);
      next.attach(HOST, sr, config);
      next.delete(HOST, sr);
      assertThat(next.probe(HOST, config)).doesNotContain("<UUID>");
    }
  }

  @Test
  void aMountThatAKilledRunLeftDoesNotKeepTheDevice() throws Exception {
    try (LoopDevice device = LoopDevice.of(data.resolve("disk"), 32 * MIB)) {
      Map<String, String> config = Map.of("device", device.path().toString());
      storage("ext").create(HOST, sr, config, 0);
      mounted(device, sr);
      UUID another = UUID.randomUUID();
      Storage next = storage("ext");
      next.create(HOST, another, config, 0);
      assertThat(next.probe(HOST, config)).contains(another.toString());
    }
  }

  @Test
  void onlyABlockDeviceWillDo() {
    Storage storage = storage("ext");
    assertThat(fault(() -> storage.create(HOST, sr, Map.of(), 0)))
        .isEqualTo(StorageFault.DEVICE_MISSING);
    for (String device : List.of(data.toString(), "/dev/null", "/dev/none", "disk")) {
      assertThat(fault(() -> storage.create(HOST, sr, Map.of("device", device), 0)))
          .isEqualTo(StorageFault.DEVICE_INVALID);
    }
  }

  @Test
  void theHostsDevicesAreVolumes() throws Exception {
    try (LoopDevice device = LoopDevice.of(data.resolve("disk"), 8 * MIB)) {
      Path folder = Files.createDirectory(data.resolve("devices"));
      Files.createSymbolicLink(folder.resolve("usb"), device.path());
      Files.write(folder.resolve("no device"), new byte[512]);
      Storage storage = storage("udev");
      Map<String, String> config = Map.of("location", folder.toString());
      storage.create(HOST, sr, config, 0);
      storage.attach(HOST, sr, config);
      Volume volume = storage.scan(HOST, sr).getFirst();
      assertThat(storage.scan(HOST, sr)).hasSize(1);
      assertThat(volume.location()).isEqualTo(device.path().toString());
      assertThat(volume.virtualSize()).isEqualTo(8 * MIB);
      assertThat(storage.space(HOST, sr)).isEqualTo(new StorageSpace(8 * MIB, 8 * MIB));
      Disk.write(storage.open(HOST, sr, volume.vdi(), false), 1, 9);
      Storage files = storage("file");
      UUID to = UUID.randomUUID();
      files.create(HOST, to, Map.of(), 0);
      files.attach(HOST, to, Map.of());
      UUID copy = UUID.randomUUID();
      files.copyVolume(HOST, storage.open(HOST, sr, volume.vdi(), true), to, copy, Progress.NONE);
      assertThat(Disk.holds(files.open(HOST, to, copy, true), List.of(0, 9))).isTrue();
      files.detach(HOST, to);
      Files.delete(folder.resolve("usb"));
      assertThat(storage.scan(HOST, sr)).isEmpty();
    }
  }

  @Test
  void cdDrivesAndRemovableDisksHaveTheirNames() {
    Storage storage = storage("udev");
    for (String location : List.of("/dev/xapi/cd", "/dev/xapi/block")) {
      storage.attach(HOST, sr, Map.of("location", location));
      assertThat(storage.scan(HOST, sr))
          .allSatisfy(volume -> assertThat(volume.readOnly()).isEqualTo(location.endsWith("cd")));
    }
    assertThat(fault(() -> storage.attach(HOST, sr, Map.of())))
        .isEqualTo(StorageFault.LOCATION_MISSING);
  }

  @Test
  void aDummyKeepsSizesAndNothingElse() {
    Storage storage = storage("dummy");
    storage.create(HOST, sr, Map.of(), 0);
    storage.attach(HOST, sr, Map.of());
    UUID vdi = storage.createVolume(HOST, sr, UUID.randomUUID(), 3 * MIB).vdi();
    UUID copy = UUID.randomUUID();
    storage.fork(HOST, sr, vdi, copy, false);
    storage.resize(HOST, sr, copy, 4 * MIB);
    Storage next = storage("dummy");
    next.attach(HOST, sr, Map.of());
    assertThat(next.scan(HOST, sr))
        .extracting(Volume::virtualSize)
        .containsExactlyInAnyOrder(3 * MIB, 4 * MIB);
    assertThat(QemuImg.virtualSize(next.open(HOST, sr, vdi, true))).isEqualTo(3 * MIB);
    assertThat(next.probe(HOST, Map.of())).contains(sr.toString());
    next.delete(HOST, sr);
    assertThat(next.probe(HOST, Map.of())).doesNotContain(sr.toString());
  }
}
