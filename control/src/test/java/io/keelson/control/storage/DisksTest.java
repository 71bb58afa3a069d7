package io.keelson.control.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.OnBoot;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Sr;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiOperations;
import io.keelson.api.model.Vm;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisksTest {
  private static final long MIB = World.MIB;

  @TempDir Path folder;
  private World world;
  private Ref<Sr> sr;

  @BeforeEach
  void open() {
    world = new World(folder, Simulation.open(SimulationPlan.of(1)).drivers());
    sr = world.repository("file", Map.of());
  }

  @AfterEach
  void close() {
    world.close();
  }

  private VdiProvisioningHandler disks() {
    return new VdiProvisioningHandler(world.parts);
  }

  private VdiCopiesHandler copies() {
    return new VdiCopiesHandler(world.parts);
  }

  @Test
  void aDiskCountsInItsRepositoryFromTheMomentItIsMade() {
    Ref<Vdi> disk = world.disk(sr, 10 * MIB);
    assertThat(world.vdi(disk).virtualSize()).isEqualTo(10 * MIB);
    assertThat(world.vdi(disk).managed()).isTrue();
    assertThat(world.sr(sr).virtualAllocation()).isEqualTo(10 * MIB);
    assertThat(world.sr(sr).physicalSize()).isPositive();
    assertThat(world.sr(sr).currentOperations()).isEmpty();
    disks().destroy(World.call(), disk);
    assertThat(world.sr(sr).virtualAllocation()).isZero();
    assertThat(world.store.snapshot().find(ApiModel.VDI, disk)).isEmpty();
    assertThat(world.store.snapshot().table(ApiModel.TASK).size()).isZero();
  }

  @Test
  void aDiskMayHave64TiBAndNoMore() {
    long most = 64L << 40;
    assertThat(world.vdi(world.disk(sr, most)).virtualSize()).isEqualTo(most);
    Refused.with(
        () -> world.disk(sr, most + 1), "VDI_TOO_LARGE", Long.toString(most + 1), "" + most);
    Refused.with(() -> world.disk(sr, 0), "INVALID_VALUE", "virtual_size", "0");
  }

  @Test
  void anIsoLibraryMakesNoDisks() {
    Ref<Sr> isos = world.repository("iso", Map.of());
    Refused.with(() -> world.disk(isos, MIB), "SR_OPERATION_NOT_SUPPORTED", isos.text());
  }

  @Test
  void aSnapshotSaysWhatItIsOf() {
    Ref<Vdi> disk = world.disk(sr, 10 * MIB);
    Instant before = Instant.now().minusSeconds(2);
    Ref<Vdi> snapshot = copies().snapshot(World.call(), disk, Map.of());
    Vdi record = world.vdi(snapshot);
    assertThat(record.isASnapshot()).isTrue();
    assertThat(record.snapshotOf()).isEqualTo(disk);
    assertThat(record.snapshotTime()).isAfter(before);
    assertThat(record.nameLabel()).isEqualTo("disk");
    assertThat(world.vdi(disk).snapshots()).containsExactly(snapshot);
    assertThat(world.sr(sr).virtualAllocation()).isEqualTo(20 * MIB);
    disks().destroy(World.call(), disk);
    assertThat(world.vdi(snapshot).snapshotOf().isNull()).isTrue();
  }

  @Test
  void aCloneIsADiskOfItsOwn() {
    Ref<Vdi> clone = copies().clone(World.call(), world.disk(sr, MIB), Map.of());
    assertThat(world.vdi(clone).isASnapshot()).isFalse();
    assertThat(world.vdi(clone).snapshotOf().isNull()).isTrue();
  }

  @Test
  void aCopyGoesToAnotherRepositoryOrIntoADiskThatFits() {
    Ref<Vdi> disk = world.disk(sr, 4 * MIB);
    Ref<Sr> other = world.repository("file", Map.of());
    Ref<Vdi> copy = copies().copy(World.call(), disk, other, Ref.none(), Ref.none());
    assertThat(world.vdi(copy).sr()).isEqualTo(other);
    Ref<Vdi> small = world.disk(other, MIB);
    Refused.with(
        () -> copies().copy(World.call(), disk, Ref.none(), Ref.none(), small),
        "VDI_TOO_SMALL",
        small.text(),
        Long.toString(4 * MIB));
    Ref<Vdi> large = world.disk(other, 8 * MIB);
    assertThat(copies().copy(World.call(), disk, Ref.none(), Ref.none(), large)).isEqualTo(large);
    assertThat(world.vdi(large).virtualSize()).isEqualTo(8 * MIB);
    assertThat(world.vdi(large).currentOperations()).isEmpty();
  }

  @Test
  void aDiskGrowsAndNeverShrinks() {
    Ref<Vdi> disk = world.disk(sr, 4 * MIB);
    new VdiSizeHandler(world.parts).resize(World.call(), disk, 8 * MIB);
    assertThat(world.vdi(disk).virtualSize()).isEqualTo(8 * MIB);
    assertThat(world.sr(sr).virtualAllocation()).isEqualTo(8 * MIB);
    Refused.with(
        () -> new VdiSizeHandler(world.parts).resize(World.call(), disk, MIB),
        "VDI_TOO_SMALL",
        disk.text(),
        Long.toString(8 * MIB));
  }

  @Test
  void aDiskInUseIsForkedAndGrownLiveButNotDestroyed() {
    Ref<Vdi> disk = world.disk(sr, 4 * MIB);
    Ref<Vm> vm = world.vm();
    world.drive(vm, disk, "0", VbdMode.RW);
    world.start(vm);
    assertThat(world.vdi(disk).allowedOperations())
        .containsExactlyInAnyOrder(
            VdiOperations.CLONE,
            VdiOperations.SNAPSHOT,
            VdiOperations.RESIZE_ONLINE,
            VdiOperations.UPDATE);
    Refused.with(() -> disks().destroy(World.call(), disk), "VDI_IN_USE", disk.text(), "destroy");
    Refused.with(
        () -> new VdiSizeHandler(world.parts).resize(World.call(), disk, 8 * MIB),
        "VDI_IN_USE",
        disk.text(),
        "resize");
    copies().snapshot(World.call(), disk, Map.of());
    world.stop(vm);
    disks().destroy(World.call(), disk);
  }

  @Test
  void aDiskThatStartsAfreshNeedsADriverThatCan() {
    Ref<Sr> isos = world.repository("iso", Map.of());
    Ref<Vdi> image = world.sr(isos).vdis().iterator().next();
    Refused.with(
        () -> new VdiSettingsHandler(world.parts).setOnBoot(World.call(), image, OnBoot.RESET),
        "SR_OPERATION_NOT_SUPPORTED",
        isos.text());
  }

  @Test
  void aRepositoryIsForgottenAndDestroyedOnlyWhenUnplugged() {
    Ref<Pbd> pbd = world.sr(sr).pbds().iterator().next();
    SrLifecycleHandler repositories = new SrLifecycleHandler(world.parts);
    Refused.with(() -> repositories.destroy(World.call(), sr), "SR_HAS_PBD", sr.text());
    Refused.with(() -> repositories.forget(World.call(), sr), "SR_HAS_PBD", sr.text());
    Ref<Vdi> disk = world.disk(sr, MIB);
    PbdLifecycleHandler connections = new PbdLifecycleHandler(world.parts);
    connections.unplug(World.call(), pbd);
    assertThat(world.sr(sr).allowedOperations())
        .contains(StorageOperations.PLUG, StorageOperations.FORGET)
        .doesNotContain(StorageOperations.VDI_CREATE, StorageOperations.DESTROY);
    Refused.with(() -> repositories.destroy(World.call(), sr), "SR_NOT_EMPTY");
    Refused.with(() -> world.disk(sr, MIB), "SR_NO_PBDS", sr.text());
    connections.plug(World.call(), pbd);
    disks().destroy(World.call(), disk);
    connections.unplug(World.call(), pbd);
    repositories.destroy(World.call(), sr);
    assertThat(world.store.snapshot().find(ApiModel.SR, sr)).isEmpty();
    assertThat(world.store.snapshot().find(ApiModel.PBD, pbd)).isEmpty();
  }

  @Test
  void aForgottenDiskComesBackWithAScan() {
    Ref<Vdi> disk = world.disk(sr, MIB);
    String uuid = world.vdi(disk).uuid();
    new VdiRegistrationHandler(world.parts).forget(World.call(), disk);
    assertThat(world.sr(sr).virtualAllocation()).isZero();
    new SrLifecycleHandler(world.parts).scan(World.call(), sr);
    assertThat(world.store.snapshot().table(ApiModel.VDI).byUuid(uuid)).isPresent();
    assertThat(world.sr(sr).virtualAllocation()).isEqualTo(MIB);
  }

  @Test
  void anUnknownKindOfRepositoryIsNamed() {
    Refused.with(() -> world.repository("lvm", Map.of()), "SR_UNKNOWN_DRIVER", "lvm");
  }
}
