package io.keelson.control.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.VbdOperations;
import io.keelson.api.model.VbdType;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrivesTest {
  private static final long MIB = World.MIB;

  @TempDir Path folder;
  private World world;
  private Ref<Sr> sr;
  private Ref<Vm> vm;

  @BeforeEach
  void open() {
    world = new World(folder, Simulation.open(SimulationPlan.of(1)).drivers());
    sr = world.repository("file", Map.of());
    vm = world.vm();
  }

  @AfterEach
  void close() {
    world.close();
  }

  private VbdConfigurationHandler drives() {
    return new VbdConfigurationHandler(world.store);
  }

  private VbdPluggingHandler plugging() {
    return new VbdPluggingHandler(world.parts);
  }

  @Test
  void aPlaceHasManyNamesAndOneDrive() {
    Ref<Vdi> disk = world.disk(sr, MIB);
    assertThat(world.vbd(world.drive(vm, disk, "xvdb", VbdMode.RW)).userdevice()).isEqualTo("1");
    for (String name : new String[] {"1", "xvdb", "hdb", "sdb"}) {
      Refused.with(() -> world.drive(vm, disk, name, VbdMode.RW), "DEVICE_ALREADY_EXISTS", name);
    }
    assertThat(world.vbd(world.drive(vm, disk, "autodetect", VbdMode.RO)).userdevice())
        .isEqualTo("0");
    assertThat(world.vbd(world.drive(vm, disk, "autodetect", VbdMode.RO)).userdevice())
        .isEqualTo("2");
    Refused.with(() -> world.drive(vm, disk, "255", VbdMode.RO), "INVALID_DEVICE", "255");
    Refused.with(() -> world.drive(vm, disk, "tape", VbdMode.RO), "INVALID_DEVICE", "tape");
    assertThat(VbdDevices.free(world.store.snapshot(), vm)).startsWith("3", "4").hasSize(252);
  }

  @Test
  void aDriveHasMetricsThatGoWithIt() {
    Ref<Vbd> drive = world.drive(vm, world.disk(sr, MIB), "0", VbdMode.RW);
    assertThat(world.store.snapshot().table(ApiModel.VBD_METRICS).size()).isEqualTo(1);
    drives().destroy(World.call(), drive);
    assertThat(world.store.snapshot().table(ApiModel.VBD_METRICS).size()).isZero();
  }

  @Test
  void aCdIsOnlyReadAndADiskIsNeverEmpty() {
    Vbd blank = World.blankDrive(vm);
    Refused.with(
        () -> drives().create(World.call(), blank.with(b -> b.type(VbdType.CD).empty(true))),
        "VBD_CDS_MUST_BE_READONLY");
    Refused.with(
        () -> drives().create(World.call(), blank.with(b -> b.empty(true))),
        "VBD_NOT_REMOVABLE_MEDIA",
        "in constructor");
    Ref<Vbd> cd =
        drives()
            .create(World.call(), blank.with(b -> b.type(VbdType.CD).mode(VbdMode.RO).empty(true)));
    Refused.with(
        () -> new VbdMediaHandler(world.parts).eject(World.call(), cd), "VBD_IS_EMPTY", cd.text());
    assertThat(world.vbd(cd).allowedOperations()).containsExactly(VbdOperations.INSERT);
  }

  @Test
  void onlyARunningVmIsGivenADrive() {
    Ref<Vdi> disk = world.disk(sr, MIB);
    Ref<Vbd> drive = world.drive(vm, disk, "0", VbdMode.RW);
    Refused.with(
        () -> plugging().plug(World.call(), drive),
        "VM_BAD_POWER_STATE",
        vm.text(),
        "running",
        "halted");
    world.start(vm);
    assertThat(world.vbd(drive).currentlyAttached()).isTrue();
    Refused.with(
        () -> plugging().plug(World.call(), drive), "DEVICE_ALREADY_ATTACHED", drive.text());
    Refused.with(
        () -> new VbdMediaHandler(world.parts).insert(World.call(), drive, disk),
        "VBD_NOT_REMOVABLE_MEDIA",
        drive.text());
    plugging().unplug(World.call(), drive);
    Refused.with(
        () -> plugging().unplug(World.call(), drive), "DEVICE_ALREADY_DETACHED", drive.text());
    plugging().plug(World.call(), drive);
    assertThat(world.vbd(drive).allowedOperations())
        .containsExactlyInAnyOrder(VbdOperations.UNPLUG, VbdOperations.UNPLUG_FORCE);
    world.stop(vm);
    assertThat(world.vbd(drive).currentlyAttached()).isFalse();
    assertThat(world.vbd(drive).currentOperations()).isEmpty();
  }

  @Test
  void oneWritesOrManyRead() {
    Ref<Vdi> disk = world.disk(sr, MIB);
    world.drive(vm, disk, "0", VbdMode.RW);
    Ref<Vm> second = world.vm();
    world.drive(second, disk, "0", VbdMode.RO);
    world.start(vm);
    Refused.with(() -> world.start(second), "VDI_IN_USE", disk.text(), "attach");
    world.stop(vm);
    world.start(second);
    Ref<Vm> third = world.vm();
    world.drive(third, disk, "0", VbdMode.RO);
    world.start(third);
    Refused.with(() -> world.start(vm), "VDI_IN_USE", disk.text(), "attach");
  }

  @Test
  void aHostWithoutTheRepositoryCannotRunTheVm() {
    world.drive(vm, world.disk(sr, MIB), "0", VbdMode.RW);
    new PbdLifecycleHandler(world.parts)
        .unplug(World.call(), world.sr(sr).pbds().iterator().next());
    Refused.with(() -> world.start(vm), "VM_REQUIRES_SR", vm.text(), sr.text());
    Refused.with(
        () -> VmDisks.checkHost(world.store.snapshot(), vm, world.host),
        "VM_REQUIRES_SR",
        vm.text(),
        sr.text());
  }

  @Test
  void aRepositoryInUseStaysPlugged() {
    Ref<Vdi> disk = world.disk(sr, MIB);
    world.drive(vm, disk, "0", VbdMode.RW);
    world.start(vm);
    Refused.with(
        () ->
            new PbdLifecycleHandler(world.parts)
                .unplug(World.call(), world.sr(sr).pbds().iterator().next()),
        "VDI_IN_USE",
        disk.text(),
        "unplug");
  }
}
