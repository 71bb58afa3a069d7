package io.keelson.host.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.Progress;
import io.keelson.host.Storage;
import io.keelson.host.StorageFault;
import io.keelson.host.Volume;
import io.keelson.host.process.Program;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** What the drivers do with a kernel that speaks SMB, and a Samba server beside them. */
final class SmbInMachine {
  private static final int MIB = 1 << 20;
  private static final int SMB = 445;
  private static final UUID HOST = UUID.randomUUID();
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Path folder;
  private final UUID sr = UUID.randomUUID();

  SmbInMachine(Path folder) {
    this.folder = folder;
  }

  private Storage storage(String type) {
    return Objects.requireNonNull(Storages.local(folder.resolve("data")).get(type));
  }

  void sharesOfAServer() throws Exception {
    Files.createDirectories(folder.resolve("share"));
    Files.write(folder.resolve("share").resolve("tools.iso"), new byte[2 * MIB]);
    Path settings = settings();
    shell("printf 'a secret\\na secret\\n' | smbpasswd -c " + settings + " -s -a root");
    Process server =
        new ProcessBuilder("smbd", "--foreground", "--no-process-group", "--configfile=" + settings)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("smbd.out").toFile())
            .start();
    try {
      await().atMost(LIMIT).until(SmbInMachine::answers);
      disks();
      images();
    } finally {
      server.descendants().forEach(ProcessHandle::destroyForcibly);
      server.destroyForcibly().onExit().join();
    }
  }

  private Path settings() throws Exception {
    for (String name : List.of("private", "run", "locks", "state", "cache")) {
      Files.createDirectories(folder.resolve(name));
    }
    return Files.writeString(
        folder.resolve("smb.conf"),
        """
        [global]
          interfaces = lo
          bind interfaces only = yes
          disable netbios = yes
          load printers = no
          private dir = %1$s/private
          pid directory = %1$s/run
          lock directory = %1$s/locks
          state directory = %1$s/state
          cache directory = %1$s/cache
          ncalrpc dir = %1$s/run/ncalrpc
          passdb backend = tdbsam
          log file = %1$s/smbd.log
        [vms]
          path = %1$s/share
          read only = no
          valid users = root
        """
            .formatted(folder));
  }

  private static void shell(String command) {
    Program.Outcome outcome = Program.run(LIMIT, List.of("sh", "-c", command));
    assertThat(outcome.ok()).as(outcome.complaint()).isTrue();
  }

  private static boolean answers() throws Exception {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), SMB));
      return true;
    } catch (ConnectException _) {
      return false;
    }
  }

  private static Map<String, String> config(String password) {
    return Map.of("server", "//127.0.0.1/vms", "username", "root", "password", password);
  }

  private void disks() throws Exception {
    Storage storage = storage("smb");
    DriverException refused = Raised.by(() -> storage.create(HOST, sr, config("a guess"), 0));
    assertThat(refused.fault()).contains(StorageFault.SMB_MOUNT);
    assertThat(refused).hasMessageContaining("Permission denied");
    Map<String, String> config = config("a secret");
    storage.create(HOST, sr, config, 0);
    assertThat(storage.probe(HOST, config)).contains("<UUID>" + sr + "</UUID>");
    storage.attach(HOST, sr, config);
    UUID vdi = storage.createVolume(HOST, sr, UUID.randomUUID(), 8L * MIB).vdi();
    DiskSource disk = storage.open(HOST, sr, vdi, false);
    shell("qemu-io -f qcow2 -c 'write -P 7 1M 1M' " + disk.location());
    UUID copy = UUID.randomUUID();
    storage.copyVolume(HOST, storage.open(HOST, sr, vdi, true), sr, copy, Progress.NONE);
    assertThat(storage.resize(HOST, sr, copy, 16L * MIB).virtualSize()).isEqualTo(16L * MIB);
    assertThat(storage.scan(HOST, sr)).extracting(Volume::vdi).containsExactlyInAnyOrder(vdi, copy);
    storage.detach(HOST, sr);
    assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(" cifs ");

    Storage next = storage("smb");
    next.attach(HOST, sr, config);
    shell(
        "qemu-io -r -f qcow2 -c 'read -P 7 1M 1M' -c 'read -P 0 2M 1M' "
            + next.open(HOST, sr, copy, true).location());
    next.destroyVolume(HOST, sr, vdi);
    next.destroyVolume(HOST, sr, copy);
    next.delete(HOST, sr);
    assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(" cifs ");
  }

  private void images() throws Exception {
    Storage library = storage("iso");
    Map<String, String> config =
        Map.of(
            "location",
            "//127.0.0.1/vms",
            "type",
            "cifs",
            "username",
            "root",
            "cifspassword",
            "a secret");
    UUID isos = UUID.randomUUID();
    library.create(HOST, isos, config, 0);
    library.attach(HOST, isos, config);
    assertThat(library.scan(HOST, isos)).hasSize(1);
    library.detach(HOST, isos);
  }
}
