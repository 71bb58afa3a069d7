package io.keelson.control.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.OnBoot;
import io.keelson.api.model.Sr;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.TaskStatusType;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiOperations;
import io.keelson.api.model.VdiType;
import io.keelson.api.model.Vm;
import io.keelson.host.Volume;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are merged, moved and put back, with a guest that writes to them or without. */
class DisksInMotionTest {
  private static final long MIB = World.MIB;

  @TempDir Path folder;
  private WritingWorld lab;
  private World world;
  private Ref<Sr> sr;

  @BeforeEach
  void open() {
    lab = new WritingWorld(folder);
    world = lab.world;
    sr = world.repository("file", Map.of());
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private VdiCopiesHandler copies() {
    return new VdiCopiesHandler(world.parts);
  }

  private void destroy(Ref<Vdi> vdi) {
    new VdiProvisioningHandler(world.parts).destroy(World.call(), vdi);
  }

  private Ref<Vdi> snapshot(Ref<Vdi> vdi) {
    return copies().snapshot(World.call(), vdi, Map.of());
  }

  private Ref<Vdi> move(Ref<Vdi> vdi, Ref<Sr> to) {
    return new VdiMigrationHandler(world.parts).poolMigrate(World.call(), vdi, to, Map.of());
  }

  private void setOnBoot(Ref<Vdi> vdi, OnBoot value) {
    new VdiSettingsHandler(world.parts).setOnBoot(World.call(), vdi, value);
  }

  private void io(Ref<Vdi> vdi, String command) throws Exception {
    WritingWorld.run("qemu-io", "-f", "qcow2", "-c", command, lab.source(vdi).location());
  }

  @Test
  void chainsShrinkUnderARunningGuestAndWithoutOne() throws Exception {
    Ref<Vdi> disk = world.disk(sr, 4 * MIB);
    Ref<Vm> vm = lab.writer(disk);
    Ref<Vdi> first = snapshot(disk);
    lab.awaitWrites(vm, disk, 10);
    Ref<Vdi> second = snapshot(disk);
    lab.awaitWrites(vm, disk, 10);
    Ref<Vdi> third = snapshot(disk);
    lab.coalesce();
    assertThat(world.vdi(disk).smConfig()).containsEntry(ChainRecords.DEPTH, "4");
    assertThat(lab.tasks()).isEmpty();
    destroy(first);
    destroy(second);
    lab.coalesce();
    assertThat(world.vdi(disk).smConfig())
        .containsEntry(ChainRecords.DEPTH, "2")
        .doesNotContainKey(ChainRecords.RECLAIMABLE);
    assertThat(lab.tasks())
        .isNotEmpty()
        .allSatisfy(task -> {
          assertThat(task.nameLabel()).isEqualTo("Garbage Collection");
          assertThat(task.nameDescription()).contains(world.sr(sr).uuid());
          assertThat(task.status()).isEqualTo(TaskStatusType.SUCCESS);
        });
    lab.awaitWrites(vm, disk, 10);
    destroy(third);
    lab.coalesce();
    assertThat(world.vdi(disk).smConfig()).isEmpty();
    assertThat(lab.images(sr)).isEqualTo(1);
    lab.awaitWrites(vm, disk, 10);
    destroy(snapshot(disk));
    world.stop(vm);
    lab.coalesce();
    assertThat(lab.images(sr)).isEqualTo(1);
    assertThat(lab.lastWrite(disk)).isPositive();
    WritingWorld.run("qemu-img", "check", "-q", lab.source(disk).location());
  }

  @Test
  void aDiskMovesWhileItsGuestWrites() throws Exception {
    Ref<Sr> other = world.repository("file", Map.of());
    Ref<Vdi> disk = world.disk(sr, 4 * MIB);
    Ref<Vm> vm = lab.writer(disk);
    Ref<Vdi> frozen = snapshot(disk);
    String before = world.vdi(disk).uuid();
    Ref<Vdi> moved = move(disk, other);
    assertThat(world.store.snapshot().find(ApiModel.VDI, disk)).isEmpty();
    assertThat(world.vdi(moved).sr()).isEqualTo(other);
    assertThat(world.vdi(moved).uuid()).isNotEqualTo(before);
    assertThat(world.vdi(moved).smConfig()).isEmpty();
    assertThat(world.vdi(moved).currentOperations()).isEmpty();
    assertThat(world.vdi(moved).snapshots()).containsExactly(frozen);
    assertThat(world.vdi(moved).vbds()).hasSize(1);
    assertThat(world.sr(sr).vdis()).containsExactly(frozen);
    assertThat(world.sr(other).virtualAllocation()).isEqualTo(4 * MIB);
    lab.awaitWrites(vm, moved, 50);
    assertThat(lab.lastWrite(frozen)).isPositive();
    world.stop(vm);
    long written = lab.lastWrite(moved);
    Ref<Vdi> back = move(moved, sr);
    assertThat(lab.lastWrite(back)).isEqualTo(written);
    assertThat(lab.images(other)).isZero();
    WritingWorld.run("qemu-img", "check", "-q", lab.source(back).location());
  }

  @Test
  void aDiskThatForgetsGoesBackAtEachStart() throws Exception {
    Ref<Vdi> disk = world.disk(sr, 4 * MIB);
    io(disk, "write -P 0x11 3M 64k");
    setOnBoot(disk, OnBoot.RESET);
    Ref<Vm> vm = lab.writer(disk);
    Refused.with(
        () -> setOnBoot(disk, OnBoot.PERSIST),
        "VM_BAD_POWER_STATE",
        vm.text(),
        "halted",
        "running");
    Refused.with(() -> snapshot(disk), "VDI_ON_BOOT_MODE_INCOMPATIBLE_WITH_OPERATION");
    Refused.with(() -> move(disk, sr), "VDI_ON_BOOT_MODE_INCOMPATIBLE_WITH_OPERATION");
    world.stop(vm);
    assertThat(lab.lastWrite(disk)).isPositive();
    io(disk, "write -P 0x22 3M 64k");
    lab.coalesce();
    world.start(vm);
    world.stop(vm);
    io(disk, "read -P 0x11 3M 64k");
    io(disk, "write -P 0x33 3M 64k");
    setOnBoot(disk, OnBoot.PERSIST);
    lab.coalesce();
    world.start(vm);
    world.stop(vm);
    io(disk, "read -P 0x33 3M 64k");
    assertThat(lab.images(sr)).isEqualTo(1);
  }

  @Test
  void aCopyIntoADiskStoresWhatDiffers() throws Exception {
    Ref<Sr> other = world.repository("file", Map.of());
    Ref<Vdi> disk = world.disk(sr, 4 * MIB);
    io(disk, "write -P 0x11 0 2M");
    Ref<Vdi> base = snapshot(disk);
    Ref<Vdi> copy = copies().copy(World.call(), base, other, Ref.none(), Ref.none());
    io(disk, "write -P 0x22 1M 64k");
    assertThat(copies().copy(World.call(), disk, Ref.none(), base, copy)).isEqualTo(copy);
    io(copy, "read -P 0x11 0 1M");
    io(copy, "read -P 0x22 1M 64k");
    io(copy, "read -P 0x11 1088k 960k");
    assertThat(world.vdi(copy).physicalUtilisation()).isLessThan(MIB);
    lab.coalesce();
    assertThat(lab.images(other)).isEqualTo(1);
    io(copy, "read -P 0x22 1M 64k");
  }

  @Test
  void diskOf64TebibytesTakesUpNothing() {
    Ref<Vdi> disk = world.disk(sr, 3L << 40);
    new VdiSizeHandler(world.parts).resize(World.call(), disk, 64L << 40);
    assertThat(world.vdi(disk).virtualSize()).isEqualTo(64L << 40);
    assertThat(world.vdi(snapshot(disk)).physicalUtilisation()).isLessThan(64 * MIB);
  }

  /** What a server that was ended in the middle of a copy or a move has left is cleared away. */
  @Test
  void interruptedCopiesAndMovesLeaveNothing() {
    Ref<Sr> other = world.repository("file", Map.of());
    Ref<Vdi> disk = world.disk(sr, MIB);
    Ref<Vdi> arrived = world.disk(sr, MIB);
    Ref<Vdi> left = world.disk(other, MIB);
    String task = Ref.fresh().text();
    SrAccess at = SrAccess.anywhere(world.store.snapshot(), other);
    UUID copy = ForkVdi.copyVolume(task, world.vdi(disk));
    Volume half =
        world.parts.drivers().with(at, d -> d.createVolume(at.host(), at.sr(), copy, MIB));
    assertThat(half.vdi()).isEqualTo(copy);
    UUID leftVolume = Volumes.id(world.vdi(left));
    world.store.change(tx -> {
      tx.update(
          ApiModel.VDI,
          disk,
          v -> v.with(b -> b.currentOperations(Map.of(task, VdiOperations.COPY))));
      tx.update(
          ApiModel.SR,
          other,
          s -> s.with(b -> b.currentOperations(Map.of(task, StorageOperations.VDI_CREATE))));
      tx.update(
          ApiModel.VDI,
          arrived,
          v -> v.with(b -> b.smConfig(Moved.from(Map.of(), at.sr(), leftVolume))));
    });
    new StorageRecovery(world.resources).recover();
    new DiskRecovery(world.resources).recover();
    List<Volume> volumes =
        world.parts.drivers().with(at, driver -> driver.scan(at.host(), at.sr()));
    assertThat(volumes).isEmpty();
    assertThat(world.vdi(arrived).smConfig()).isEmpty();
    assertThat(world.vdi(disk).currentOperations()).isEmpty();
  }

  @Test
  void aForgottenDiskIsIntroducedAgain() throws Exception {
    Ref<Vdi> disk = world.disk(sr, MIB);
    io(disk, "write -P 0x11 0 64k");
    Vdi was = world.vdi(disk);
    VdiRegistrationHandler records = new VdiRegistrationHandler(world.parts);
    records.forget(World.call(), disk);
    Refused.with(
        () -> introduce(records, was, "elsewhere"), "VDI_LOCATION_MISSING", sr.text(), "elsewhere");
    Ref<Vdi> again = introduce(records, was, was.location());
    io(again, "read -P 0x11 0 64k");
    assertThat(world.vdi(again).uuid()).isEqualTo(was.uuid());
    assertThat(world.sr(sr).virtualAllocation()).isEqualTo(MIB);
    Refused.with(
        () -> introduce(records, was, was.location()),
        "LOCATION_NOT_UNIQUE",
        sr.text(),
        was.location());
  }

  private Ref<Vdi> introduce(VdiRegistrationHandler records, Vdi was, String location) {
    return records.introduce(
        World.call(),
        location.equals(was.location()) ? was.uuid() : UUID.randomUUID().toString(),
        "again",
        "",
        sr,
        VdiType.USER,
        false,
        false,
        Map.of(),
        location,
        Map.of(),
        Map.of(),
        true,
        0,
        0,
        Ref.none(),
        false,
        Instant.EPOCH,
        Ref.none());
  }

  @Test
  void aDiskThatSeveralVmsReadDoesNotMove() {
    Ref<Vdi> disk = world.disk(sr, MIB);
    Ref<Vm> one = world.vm();
    world.drive(one, disk, "0", VbdMode.RO);
    world.start(one);
    Refused.with(() -> move(disk, sr), "VDI_IN_USE", disk.text(), "pool_migrate");
  }
}
