package io.keelson.host.storage;

import static io.keelson.host.storage.Raised.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.keelson.host.DriverException;
import io.keelson.host.Storage;
import io.keelson.host.StorageFault;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kind {@code lvmoiscsi} against a real iSCSI server, as far as no kernel's initiator is needed.
 * What needs one is in {@link LvmMachineTest}.
 */
final class LvmOverIscsiTest {
  private static final long MIB = 1L << 20;
  private static final UUID HOST = UUID.randomUUID();
  private static final Pattern SCSI_ID = Pattern.compile("<SCSIid>(.*)</SCSIid>");

  @TempDir Path folder;
  private final UUID sr = UUID.randomUUID();

  private Storage storage() {
    return Objects.requireNonNull(Storages.local(folder.resolve("data")).get("lvmoiscsi"));
  }

  /** The group that LVM itself writes where the server keeps the LUN. */
  private void group(String lun) throws Exception {
    try (LoopDevice device = LoopDevice.of(folder.resolve(lun), 32 * MIB)) {
      new VolumeGroup(sr, VolumeGroupTest.NO_KERNEL).create(List.of(device.path()));
    }
  }

  @Test
  void aProbeLeadsFromTheTargetToTheRepository() throws Exception {
    group("lun2");
    try (IscsiTestServer server = IscsiTestServer.start(folder)) {
      server.lun(1, 32 * MIB);
      server.lun(2, 32 * MIB);
      server.protect("joe", "a secret, with comma");
      Storage storage = storage();
      Map<String, String> config = new HashMap<>();
      assertThat(fault(() -> storage.probe(HOST, config))).isEqualTo(StorageFault.TARGET_MISSING);
      config.putAll(
          Map.of(
              "target",
              "127.0.0.1",
              "port",
              Integer.toString(server.port()),
              "chapuser",
              "joe",
              "chappassword",
              "a secret, with comma"));
      DriverException targets = Raised.by(() -> storage.probe(HOST, config));
      assertThat(targets.fault()).contains(StorageFault.TARGET_IQN_MISSING);
      assertThat(targets.choices())
          .contains("<TargetIQN>" + IscsiTestServer.TARGET + "</TargetIQN>");
      config.put("targetIQN", IscsiTestServer.TARGET);
      DriverException luns = Raised.by(() -> storage.probe(HOST, config));
      assertThat(luns.fault()).contains(StorageFault.SCSI_ID_MISSING);
      assertThat(luns.choices()).contains("<LUNid>1</LUNid>", "<LUNid>2</LUNid>");
      List<String> ids =
          SCSI_ID.matcher(luns.choices()).results().map(found -> found.group(1)).toList();
      config.put("SCSIid", ids.get(0));
      assertThat(storage.probe(HOST, config)).contains("<SRlist>").doesNotContain("<UUID>");
      config.put("SCSIid", ids.get(1));
      assertThat(storage.probe(HOST, config)).contains("<UUID>" + sr + "</UUID>");
      config.put("SCSIid", "another");
      assertThat(fault(() -> storage.create(HOST, sr, config, 0)))
          .isEqualTo(StorageFault.SCSI_ID_MISSING);
      assertThat(folder.resolve("data/passwords")).isEmptyDirectory();
      config.put("chappassword", "wrong, and long enough");
      assertThat(fault(() -> storage.probe(HOST, config))).isEqualTo(StorageFault.ISCSI_LOGIN);
    }
  }

  @Test
  void withoutTheKernelsInitiatorNothingIsTouched() throws Exception {
    assumeFalse(
        Requirements.kernelHas(Path.of("/sys/class/iscsi_transport/tcp"), "iscsi_tcp"),
        "the kernel has an initiator");
    try (IscsiTestServer server = IscsiTestServer.start(folder)) {
      server.lun(1, 8 * MIB);
      Map<String, String> config =
          new HashMap<>(
              Map.of(
                  "target",
                  "127.0.0.1",
                  "port",
                  Integer.toString(server.port()),
                  "targetIQN",
                  IscsiTestServer.TARGET));
      Matcher id = SCSI_ID.matcher(Raised.by(() -> storage().probe(HOST, config)).choices());
      assertThat(id.find()).isTrue();
      config.put("SCSIid", id.group(1));
      for (Runnable call :
          List.<Runnable>of(
              () -> storage().create(HOST, sr, config, 0),
              () -> storage().attach(HOST, sr, config))) {
        assertThat(fault(call)).isEqualTo(StorageFault.UNAVAILABLE);
      }
      assertThat(storage().probe(HOST, config)).doesNotContain("<UUID>");
    }
  }
}
