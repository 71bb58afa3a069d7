package io.keelson.host.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.Storage;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the drivers do with a kernel that has device-mapper and an iSCSI initiator. */
final class LvmInMachine {
  private static final int MIB = 1 << 20;
  private static final UUID HOST = UUID.randomUUID();
  private static final Path SESSIONS = Path.of("/sys/class/iscsi_session");
  private static final Pattern SCSI_ID = Pattern.compile("<SCSIid>(.*)</SCSIid>");

  private final Path folder;
  private final UUID sr = UUID.randomUUID();

  LvmInMachine(Path folder) {
    this.folder = folder;
  }

  /** As a server has it that has just started. */
  private Storage storage(String type) {
    return Objects.requireNonNull(Storages.local(folder.resolve("data")).get(type));
  }

  /** A device full of what somebody else left there. */
  private LoopDevice used(String name) throws Exception {
    byte[] left = new byte[48 * MIB];
    Arrays.fill(left, (byte) 0x5a);
    Arrays.fill(left, 0, MIB, (byte) 0);
    Files.write(folder.resolve(name), left);
    return LoopDevice.of(folder.resolve(name), left.length);
  }

  private static void write(DiskSource disk, int mib, int value) throws Exception {
    byte[] bytes = new byte[MIB];
    Arrays.fill(bytes, (byte) value);
    try (FileChannel device =
        FileChannel.open(Path.of(disk.location()), StandardOpenOption.WRITE)) {
      assertThat(device.write(ByteBuffer.wrap(bytes), (long) mib * MIB)).isEqualTo(MIB);
      device.force(true);
    }
  }

  /** Whether each MiB holds its byte throughout. */
  private static boolean holds(DiskSource disk, List<Integer> values) throws Exception {
    try (InputStream device = Files.newInputStream(Path.of(disk.location()))) {
      for (int value : values) {
        byte[] wanted = new byte[MIB];
        Arrays.fill(wanted, (byte) value);
        if (!Arrays.equals(device.readNBytes(MIB), wanted)) {
          return false;
        }
      }
      return true;
    }
  }

  void localDevices() throws Exception {
    try (LoopDevice one = used("one");
        LoopDevice two = used("two")) {
      Map<String, String> config = Map.of("device", one.path() + "," + two.path());
      Storage storage = storage("lvm");
      assertThat(storage.probe(HOST, config)).doesNotContain("<UUID>");
      storage.create(HOST, sr, config, 0);
      assertThat(storage.probe(HOST, config)).contains("<UUID>" + sr + "</UUID>");
      storage.attach(HOST, sr, config);
      UUID vdi = storage.createVolume(HOST, sr, UUID.randomUUID(), 4 * MIB).vdi();
      assertThat(holds(storage.open(HOST, sr, vdi, true), List.of(0, 0, 0, 0))).isTrue();
      assertThat(storage.memory(HOST, sr, vdi))
          .as("where a memory image is kept")
          .hasToString(storage.open(HOST, sr, vdi, true).location());
      write(storage.open(HOST, sr, vdi, false), 1, 7);
      assertThat(storage.resize(HOST, sr, vdi, 7 * MIB).virtualSize()).isEqualTo(8L * MIB);
      assertThat(holds(storage.open(HOST, sr, vdi, true), List.of(0, 7, 0, 0, 0, 0, 0, 0)))
          .isTrue();
      UUID copy = UUID.randomUUID();
      storage.copyVolume(HOST, storage.open(HOST, sr, vdi, true), sr, copy, Progress.NONE);
      assertThat(holds(storage.open(HOST, sr, copy, true), List.of(0, 7, 0))).isTrue();
      assertThat(storage.scan(HOST, sr))
          .extracting(Volume::vdi)
          .containsExactlyInAnyOrder(vdi, copy);
      assertThat(storage.space(HOST, sr).used()).isEqualTo(16L * MIB);

      // Somebody has a volume open: the devices stay, and so does the repository.
      Path device = Path.of(storage.open(HOST, sr, vdi, true).location());
      try (InputStream open = Files.newInputStream(device)) {
        assertThat(open.read()).isZero();
        assertThat(Raised.by(() -> storage.detach(HOST, sr)).reason())
            .isEqualTo(Reason.WRONG_STATE);
        assertThat(storage.scan(HOST, sr)).hasSize(2);
      }

      // A server dies while it makes a volume and while it makes another larger.
      VolumeGroup group = new VolumeGroup(sr, List.of());
      group.begin(HOST, UUID.randomUUID(), 8 * MIB);
      group.extend(vdi, 8 * MIB, 12 * MIB);
      assertThat(holds(storage.open(HOST, sr, vdi, true), List.of(0, 7, 0, 0, 0, 0, 0, 0, 0)))
          .as("the new part was not wiped yet")
          .isFalse();
      Storage next = storage("lvm");
      next.attach(HOST, sr, config);
      assertThat(next.scan(HOST, sr)).hasSize(2);
      assertThat(next.space(HOST, sr).used()).isEqualTo(20L * MIB);
      assertThat(holds(next.open(HOST, sr, vdi, true), List.of(0, 7, 0, 0, 0, 0, 0, 0, 0, 0)))
          .isTrue();

      next.destroyVolume(HOST, sr, copy);
      next.detach(HOST, sr);
      assertThat(device).doesNotExist();
      next.attach(HOST, sr, config);
      assertThat(holds(next.open(HOST, sr, vdi, true), List.of(0, 7))).isTrue();
      next.delete(HOST, sr);
      assertThat(device).doesNotExist();
      assertThat(next.probe(HOST, config)).doesNotContain("<UUID>");
    }
  }

  void disksOfATarget() throws Exception {
    Process daemon =
        new ProcessBuilder("iscsid", "-f")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("iscsid.out").toFile())
            .start();
    try (IscsiTestServer server = IscsiTestServer.start(folder)) {
      await().until(() -> Files.readString(Path.of("/proc/net/unix")).contains("ISCSIADM"));
      server.lun(1, 48 * MIB);
      server.protect("joe", "a secret, with comma");
      Storage storage = storage("lvmoiscsi");
      Map<String, String> config =
          new HashMap<>(
              Map.of(
                  "target",
                  "127.0.0.1",
                  "port",
                  Integer.toString(server.port()),
                  "targetIQN",
                  IscsiTestServer.TARGET,
                  "chapuser",
                  "joe",
                  "chappassword",
                  "a secret, with comma"));
      Matcher id = SCSI_ID.matcher(Raised.by(() -> storage.probe(HOST, config)).choices());
      assertThat(id.find()).isTrue();
      config.put("SCSIid", id.group(1));
      storage.create(HOST, sr, config, 0);
      assertThat(SESSIONS).isEmptyDirectory();
      assertThat(storage.probe(HOST, config)).contains("<UUID>" + sr + "</UUID>");
      storage.attach(HOST, sr, config);
      StorageSpace space = storage.space(HOST, sr);
      assertThat(space.size()).isBetween(40L * MIB, 48L * MIB);
      UUID vdi = storage.createVolume(HOST, sr, UUID.randomUUID(), 8 * MIB).vdi();
      write(storage.open(HOST, sr, vdi, false), 2, 9);
      storage.detach(HOST, sr);
      assertThat(SESSIONS).isEmptyDirectory();
      Storage next = storage("lvmoiscsi");
      next.attach(HOST, sr, config);
      assertThat(holds(next.open(HOST, sr, vdi, true), List.of(0, 0, 9, 0))).isTrue();
      next.delete(HOST, sr);
      assertThat(SESSIONS).isEmptyDirectory();
      assertThat(next.probe(HOST, config)).doesNotContain("<UUID>");
    } finally {
      daemon.destroyForcibly().onExit().join();
    }
  }
}
