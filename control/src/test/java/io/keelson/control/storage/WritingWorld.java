package io.keelson.control.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Task;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.control.task.Tasks;
import io.keelson.host.DiskSource;
import io.keelson.host.Drivers;
import io.keelson.host.machine.LinuxMachine;
import io.keelson.host.network.LinuxNetwork;
import io.keelson.host.qemu.QemuCompute;
import io.keelson.host.qemu.WritingSector;
import io.keelson.host.storage.Storages;
import io.keelson.store.Row;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A world of real files and QEMU, with a guest that writes to its disk all the time. */
final class WritingWorld implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final World world;
  final Tasks tasks;
  private final Path folder;
  private final Drivers drivers;

  WritingWorld(Path folder) {
    this.folder = folder;
    this.drivers =
        new Drivers(
            QemuCompute.open(folder),
            Storages.local(folder),
            LinuxNetwork.unprivileged(folder.resolve("network")),
            new LinuxMachine(Optional.empty()));
    this.world = new World(folder.resolve("store"), drivers);
    this.tasks = new Tasks(world.store, world.resources.tasks());
  }

  /** A VM that runs and writes to the disk. */
  Ref<Vm> writer(Ref<Vdi> disk) throws Exception {
    Path file = folder.resolve("sector");
    Files.write(file, WritingSector.bytes());
    run("qemu-io", "-f", "qcow2", "-c", "write -s " + file + " 0 512", source(disk).location());
    Ref<Vm> vm = world.vm();
    world.drive(vm, disk, "0", VbdMode.RW);
    world.start(vm);
    awaitWrites(vm, disk, 10);
    return vm;
  }

  /** Waits until the guest has written so many times more, and looks at all it has written. */
  void awaitWrites(Ref<Vm> vm, Ref<Vdi> disk, int more) {
    long start = written(vm, disk);
    await().atMost(PATIENCE).until(() -> written(vm, disk) >= start + more);
  }

  private long written(Ref<Vm> vm, Ref<Vdi> disk) {
    UUID host = id(world.store.snapshot().get(ApiModel.HOST, world.host).uuid());
    UUID id = id(world.store.snapshot().get(ApiModel.VM, vm).uuid());
    drivers.compute().pause(host, id);
    try {
      return lastWrite(disk);
    } finally {
      drivers.compute().unpause(host, id);
    }
  }

  /** The number of the last write on a disk that nobody writes just now. */
  long lastWrite(Ref<Vdi> disk) {
    Path raw = folder.resolve("read.raw");
    try {
      run(
          "qemu-img",
          "convert",
          "-U",
          "-f",
          "qcow2",
          "-O",
          "raw",
          source(disk).location(),
          raw.toString());
      return WritingSector.lastWrite(Files.readAllBytes(raw));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  DiskSource source(Ref<Vdi> ref) {
    Vdi vdi = world.vdi(ref);
    SrAccess at = SrAccess.anywhere(world.store.snapshot(), vdi.sr());
    return world
        .parts
        .drivers()
        .with(at, driver -> driver.open(at.host(), at.sr(), id(vdi.uuid()), false));
  }

  /** How many images there are in a repository. */
  int images(Ref<Sr> sr) {
    String[] files =
        folder.resolve("sr").resolve(world.sr(sr).uuid()).resolve("images").toFile().list();
    return files == null ? 0 : files.length;
  }

  /** Looks at all chains until nothing is left to be merged. */
  void coalesce() {
    Coalescing coalescing = new Coalescing(world.resources, tasks);
    await().atMost(PATIENCE).until(() -> !coalescing.pass());
  }

  List<Task> tasks() {
    return world.store.snapshot().rows(ApiModel.TASK).map(Row::record).toList();
  }

  private static UUID id(String uuid) {
    return UUID.fromString(uuid);
  }

  static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).doesNotContain("verification failed");
  }

  @Override
  public void close() {
    tasks.close();
    for (var row : world.store.snapshot().rows(ApiModel.VM).toList()) {
      if (DiskUsers.runs(row.record())) {
        world.stop(row.ref());
      }
    }
    world.close();
  }
}
