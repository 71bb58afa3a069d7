package io.keelson.host.qemu;

import static io.keelson.host.storage.Raised.fault;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.DiskSource;
import io.keelson.host.Progress;
import io.keelson.host.Storage;
import io.keelson.host.StorageFault;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.host.storage.Disk;
import io.keelson.host.storage.IscsiTestServer;
import io.keelson.host.storage.Raised;
import io.keelson.host.storage.Storages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LUNs of a real iSCSI target as disks, for guests too. */
final class IscsiDisksTest {
  private static final long MIB = 1L << 20;
  private static final UUID HOST = Guests.HOST;

  @TempDir Path folder;
  private final UUID sr = UUID.randomUUID();

  private Storage storage(String type) {
    return Optional.ofNullable(Storages.local(folder.resolve("data")).get(type)).orElseThrow();
  }

  private static Map<String, String> config(IscsiTestServer server, String... more) {
    Map<String, String> config = new HashMap<>();
    config.put("target", "127.0.0.1");
    config.put("port", Integer.toString(server.port()));
    for (int at = 0; at + 1 < more.length; at += 2) {
      config.put(more[at], more[at + 1]);
    }
    return config;
  }

  @Test
  void eachLunIsADiskAndOneHoldsARunningGuest() throws Exception {
    try (IscsiTestServer server = IscsiTestServer.start(folder);
        Guests guests = new Guests(folder.resolve("g"))) {
      server.lun(1, 4 * MIB);
      server.lun(2, 5 * MIB);
      server.protect("joe", "a secret, with comma");
      Storage storage = storage("rawiscsi");
      Map<String, String> portal =
          config(server, "chapuser", "joe", "chappassword", "a secret, with comma");
      assertThat(Raised.by(() -> storage.probe(HOST, portal)).choices())
          .contains("<TargetIQN>" + IscsiTestServer.TARGET + "</TargetIQN>");
      Map<String, String> config = new HashMap<>(portal);
      config.put("targetIQN", IscsiTestServer.TARGET);
      assertThat(storage.probe(HOST, config))
          .contains("<LUNid>1</LUNid>", "<size>" + 5 * MIB + "</size>", "<SCSIid>");
      storage.create(HOST, sr, config, 0);
      storage.attach(HOST, sr, config);
      List<Volume> volumes = storage.scan(HOST, sr);
      assertThat(volumes).extracting(Volume::virtualSize).containsExactly(4 * MIB, 5 * MIB);
      assertThat(storage.space(HOST, sr)).isEqualTo(new StorageSpace(9 * MIB, 9 * MIB));
      UUID vm = UUID.randomUUID();
      // What the server has open is written through, and not replaced.
      Path bootable = Path.of(guests.bootDisk(vm).source().orElseThrow().location());
      Files.write(folder.resolve("lun1"), Files.readAllBytes(bootable), StandardOpenOption.WRITE);
      DiskSource second = storage.open(HOST, sr, volumes.get(1).vdi(), false);
      assertThat(second.location()).doesNotContain("secret,");
      Disk.write(second, 2, 6);
      DiskSource first = storage.open(HOST, sr, volumes.getFirst().vdi(), false);
      guests.running(Guests.spec(vm, List.of(Guests.disk(0, first)), List.of()));
      guests.compute().plugDisk(HOST, vm, Guests.disk(1, second));
      guests.compute().destroy(HOST, vm);
      Storage files = storage("file");
      UUID to = UUID.randomUUID();
      UUID copy = UUID.randomUUID();
      files.create(HOST, to, Map.of(), 0);
      files.attach(HOST, to, Map.of());
      files.copyVolume(HOST, second, to, copy, Progress.NONE);
      assertThat(Disk.holds(files.open(HOST, to, copy, true), List.of(0, 0, 6))).isTrue();
      files.detach(HOST, to);
      server.remove(2);
      assertThat(storage.scan(HOST, sr)).containsExactly(volumes.getFirst());
      storage.detach(HOST, sr);
      assertThat(folder.resolve("data/passwords")).isEmptyDirectory();
    }
  }

  @Test
  void whatIsWrongIsSaid() throws Exception {
    try (IscsiTestServer server = IscsiTestServer.start(folder)) {
      server.lun(1, MIB);
      Storage storage = storage("rawiscsi");
      assertThat(fault(() -> storage.probe(HOST, Map.of()))).isEqualTo(StorageFault.TARGET_MISSING);
      assertThat(fault(() -> storage.probe(HOST, config(server, "port", "70000"))))
          .isEqualTo(StorageFault.ISCSI_PORT);
      assertThat(fault(() -> storage.probe(HOST, config(server, "port", "1"))))
          .isEqualTo(StorageFault.ISCSI_TARGET);
      Map<String, String> other = config(server, "targetIQN", "iqn.none");
      assertThat(Raised.by(() -> storage.attach(HOST, sr, other)).choices())
          .contains(IscsiTestServer.TARGET);
      server.protect("joe", "secretsecret");
      Map<String, String> nobody = config(server, "targetIQN", IscsiTestServer.TARGET);
      assertThat(fault(() -> storage.attach(HOST, sr, nobody))).isEqualTo(StorageFault.ISCSI_LOGIN);
    }
  }
}
