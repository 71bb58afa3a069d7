package io.keelson.host.storage;

import static io.keelson.host.storage.Raised.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.host.DriverException.Reason;
import io.keelson.host.StorageFault;
import io.keelson.host.StorageSpace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What LVM's programs write to a real device, on machines with and without device-mapper. */
final class VolumeGroupTest {
  private static final long MIB = 1L << 20;

  /** Has LVM work on what is on the device alone, and show nothing to the kernel. */
  static final List<String> NO_KERNEL = List.of("--config", "global{activation=0}");

  @TempDir Path data;
  private final UUID sr = UUID.randomUUID();

  @Test
  void volumesComeGrowAndGo() throws Exception {
    assumeTrue(Requirements.has("lvm"), "LVM is installed");
    VolumeGroup group = new VolumeGroup(sr, NO_KERNEL);
    try (LoopDevice device = LoopDevice.of(data.resolve("disk"), 64 * MIB)) {
      group.create(List.of(device.path()));
      assertThat(VolumeGroup.all(NO_KERNEL)).containsEntry(sr, List.of(device.path()));
      StorageSpace empty = group.space();
      assertThat(empty.size()).isBetween(56 * MIB, 64 * MIB);
      assertThat(empty.used()).isZero();

      UUID vdi = UUID.randomUUID();
      UUID host = UUID.randomUUID();
      group.begin(host, vdi, 5 * MIB);
      assertThat(group.volumes()).isEmpty();
      assertThat(group.all().getFirst().madeBy()).contains(host.toString());
      group.whole(host, vdi);
      assertThat(group.volumes()).isEqualTo(Map.of(vdi, 8 * MIB));
      group.extend(vdi, 8 * MIB, 20 * MIB);
      assertThat(group.volumes()).isEqualTo(Map.of(vdi, 20 * MIB));
      assertThat(group.all().getFirst().wipeFrom()).contains(8 * MIB);
      group.wiped(vdi, 8 * MIB);
      assertThat(group.all().getFirst().wipeFrom()).isEmpty();
      assertThat(group.space().used()).isEqualTo(20 * MIB);
      assertThat(Raised.by(() -> group.begin(host, UUID.randomUUID(), 60 * MIB)).reason())
          .isEqualTo(Reason.NO_SPACE);
      assertThat(Raised.by(() -> group.extend(vdi, 20 * MIB, 80 * MIB)).reason())
          .isEqualTo(Reason.NO_SPACE);
      assertThat(group.all().getFirst().wipeFrom()).isEmpty();
      group.remove(vdi);
      assertThat(group.volumes()).isEmpty();
      assertThat(Raised.by(() -> group.remove(vdi)).reason()).isEqualTo(Reason.NOT_FOUND);

      VolumeGroup another = new VolumeGroup(UUID.randomUUID(), NO_KERNEL);
      assertThat(fault(() -> another.create(List.of(device.path()))))
          .isEqualTo(StorageFault.DEVICE_IN_USE);
      group.destroy();
      assertThat(VolumeGroup.all(NO_KERNEL)).doesNotContainKey(sr);
      another.create(List.of(device.path()));
      another.destroy();
    }
  }

  @Test
  void withoutTheKernelsPartNothingIsTouched() throws Exception {
    assumeFalse(Requirements.driver("device-mapper", "dm-mod"), "the kernel has device-mapper");
    try (LoopDevice device = LoopDevice.of(data.resolve("disk"), 8 * MIB)) {
      Map<String, String> config = Map.of("device", device.path().toString());
      LvmStorage storage = new LvmStorage(new LocalDevices());
      UUID host = UUID.randomUUID();
      for (Runnable call :
          List.<Runnable>of(
              () -> storage.create(host, sr, config, 0),
              () -> storage.attach(host, sr, config),
              () -> storage.probe(host, config))) {
        assertThat(fault(call)).isEqualTo(StorageFault.UNAVAILABLE);
      }
      assertThat(VolumeGroup.all(NO_KERNEL)).doesNotContainKey(sr);
    }
  }
}
