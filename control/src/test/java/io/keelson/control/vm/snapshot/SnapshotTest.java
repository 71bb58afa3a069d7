package io.keelson.control.vm.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.VbdType;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.VmLab;
import io.keelson.control.vm.power.BootRecord;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of VMs, one at a time. */
final class SnapshotTest {
  @TempDir private Path folder;
  private VmLab lab;

  @BeforeEach
  void open() {
    lab = VmLab.open(folder, Simulation.open(SimulationPlan.of(1)).drivers(), 1);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void aSnapshotIsATemplateThatTellsWhatItIsOf() {
    Ref<Vm> vm = machine();
    lab.call("start", vm, false, false);
    Ref<Vm> snapshot = snapshot(vm, "before");

    Vm record = lab.vm(snapshot);
    assertThat(record.nameLabel()).isEqualTo("before");
    assertThat(record.isASnapshot()).isTrue();
    assertThat(record.isATemplate()).isTrue();
    assertThat(record.powerState()).isEqualTo(VmPowerState.HALTED);
    assertThat(record.snapshotOf()).isEqualTo(vm);
    assertThat(record.snapshotTime()).isAfter(Instant.EPOCH);
    assertThat(record.transportableSnapshotId()).isEmpty();
    assertThat(record.snapshotInfo())
        .containsEntry("power-state-at-snapshot", "Running")
        .containsEntry("disk-snapshot-type", "crash_consistent");
    assertThat(BootRecord.read(record.snapshotMetadata()).nameLabel()).isEqualTo("vm");
    assertThat(record.metrics()).isNotEqualTo(lab.vm(vm).metrics());
    assertThat(record.currentOperations()).isEmpty();
    assertThat(record.allowedOperations())
        .contains(VmOperations.REVERT, VmOperations.CLONE, VmOperations.DESTROY)
        .doesNotContain(VmOperations.START, VmOperations.SNAPSHOT);
    assertThat(lab.vm(vm).snapshots()).containsExactly(snapshot);
    assertThat(lab.vm(vm).parent()).isEqualTo(snapshot);
    assertThat(lab.vm(snapshot).children()).containsExactly(vm);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
    assertThat(lab.vm(vm).currentOperations()).isEmpty();
  }

  @Test
  void disksAreFrozenAtOneTimeAndMediaStayInTheirDrives() {
    Ref<Vm> vm = machine();
    lab.disk(vm, 1, VbdMode.RW);
    Ref<Vdi> medium = lab.volume();
    lab.store()
        .change(tx ->
            tx.create(
                ApiModel.VBD,
                Vbd.builder()
                    .uuid(VmLab.uuid())
                    .vm(vm)
                    .vdi(medium)
                    .userdevice("3")
                    .type(VbdType.CD)
                    .mode(VbdMode.RO)
                    .build()));
    lab.call("start", vm, false, false);
    Ref<Vm> snapshot = snapshot(vm, "before");

    assertThat(vbds(snapshot)).hasSize(3).noneMatch(Vbd::currentlyAttached);
    assertThat(vbds(snapshot).stream().filter(v -> v.type() == VbdType.CD).map(Vbd::vdi))
        .containsExactly(medium);
    List<Vdi> frozen =
        vbds(snapshot).stream()
            .filter(v -> v.type() == VbdType.DISK)
            .map(v -> lab.state().get(ApiModel.VDI, v.vdi()))
            .toList();
    assertThat(frozen).hasSize(2).allMatch(Vdi::isASnapshot);
    assertThat(frozen).extracting(Vdi::snapshotTime).containsOnly(lab.vm(snapshot).snapshotTime());
    assertThat(frozen.stream().map(Vdi::snapshotOf)).containsExactlyInAnyOrderElementsOf(disks(vm));
    var card = lab.state().get(ApiModel.VIF, lab.vm(snapshot).vifs().iterator().next());
    assertThat(card.mac()).isEqualTo("02:00:00:00:00:00");
    assertThat(card.currentlyAttached()).isFalse();
  }

  @Test
  void aVmIsSnapshottedHoweverItStands() {
    Ref<Vm> vm = machine();
    snapshot(vm, "halted");
    lab.call("start", vm, false, false);
    lab.call("pause", vm);
    Ref<Vm> paused = snapshot(vm, "paused");
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.PAUSED);
    lab.call("unpause", vm);
    lab.call("suspend", vm);
    Ref<Vm> suspended = snapshot(vm, "suspended");
    assertThat(lab.vm(suspended).suspendVdi().isNull()).isTrue();
    assertThat(lab.vm(suspended).snapshotInfo())
        .containsEntry("power-state-at-snapshot", "Suspended");
    assertThat(lab.vm(suspended).parent()).isEqualTo(paused);
    lab.call("resume", vm, false, false);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
    assertThat(lab.vm(vm).snapshots()).hasSize(3);
  }

  @Test
  void aRevertGivesBackDisksCardsAndSettings() {
    Ref<Vm> vm = machine();
    Ref<Vm> snapshot = snapshot(vm, "before");
    Ref<Vdi> first = disks(vm).getFirst();
    Ref<Vbd> later = lab.disk(vm, 1, VbdMode.RW);
    Ref<Vdi> kept = lab.state().get(ApiModel.VBD, later).vdi();
    lab.set(vm, b -> b.nameLabel("renamed").vcpusMax(1L).tags(List.of("new")));
    lab.card(vm, 1);
    Ref<Vm> second = snapshot(vm, "after");
    lab.call("start", vm, false, false);

    lab.call("revert", snapshot);

    Vm back = lab.vm(vm);
    assertThat(back.powerState()).isEqualTo(VmPowerState.HALTED);
    assertThat(lab.compute().find(lab.hostId(lab.host()), lab.id(vm))).isEmpty();
    assertThat(back.nameLabel()).isEqualTo("vm");
    assertThat(back.vcpusMax()).isEqualTo(2);
    assertThat(back.tags()).isEmpty();
    assertThat(back.isASnapshot()).isFalse();
    assertThat(back.isATemplate()).isFalse();
    assertThat(back.snapshotOf().isNull()).isTrue();
    assertThat(back.parent()).isEqualTo(snapshot);
    assertThat(back.snapshots()).containsExactlyInAnyOrder(snapshot, second);
    assertThat(back.vbds()).hasSize(1);
    assertThat(back.vifs()).hasSize(1);
    assertThat(back.currentOperations()).isEmpty();
    assertThat(lab.vm(snapshot).currentOperations()).isEmpty();
    Ref<Vdi> now = disks(vm).getFirst();
    assertThat(now).isNotEqualTo(first);
    assertThat(lab.state().get(ApiModel.VDI, now).isASnapshot()).isFalse();
    assertThat(lab.state().get(ApiModel.VDI, now).snapshots()).hasSize(2);
    assertThat(lab.state().find(ApiModel.VDI, first)).isEmpty();
    assertThat(lab.state().find(ApiModel.VDI, kept)).isPresent();
    lab.call("start", vm, false, false);
    lab.call("revert", second);
    assertThat(lab.vm(vm).nameLabel()).isEqualTo("renamed");
    assertThat(lab.vm(vm).vbds()).hasSize(2);
    assertThat(lab.state().find(ApiModel.VDI, now)).isEmpty();
  }

  @Test
  void aSuspendedVmLosesItsMemoryWhenItIsReverted() {
    Ref<Vm> vm = machine();
    Ref<Vm> snapshot = snapshot(vm, "before");
    lab.call("start", vm, false, false);
    lab.call("suspend", vm);
    Ref<Vdi> memory = lab.vm(vm).suspendVdi();
    lab.call("revert", snapshot);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.HALTED);
    assertThat(lab.state().find(ApiModel.VDI, memory)).isEmpty();
    lab.call("start", vm, false, false);
  }

  @Test
  void whatFollowedOnADestroyedSnapshotFollowsOnTheOneBefore() {
    Ref<Vm> vm = machine();
    Ref<Vm> first = snapshot(vm, "1");
    Ref<Vm> second = snapshot(vm, "2");
    Ref<Vm> third = snapshot(vm, "3");
    int disks = lab.state().table(ApiModel.VDI).size();
    lab.call("destroy", second);
    assertThat(lab.vm(third).parent()).isEqualTo(first);
    assertThat(lab.vm(vm).snapshots()).containsExactlyInAnyOrder(first, third);
    lab.call("destroy", third);
    assertThat(lab.vm(vm).parent()).isEqualTo(first);
    assertThat(lab.state().table(ApiModel.VDI).size()).isEqualTo(disks);
    lab.call("destroy", vm);
    assertThat(lab.vm(first).snapshotOf().isNull()).isTrue();
    assertThat(lab.error("revert", first)).first().isEqualTo("VM_REVERT_FAILED");
  }

  @Test
  void aVmIsMadeFromASnapshot() {
    Ref<Vm> vm = machine();
    Ref<Vm> snapshot = snapshot(vm, "before");
    lab.call("clone", snapshot, "copy");
    Ref<Vm> copy = lab.state().table(ApiModel.VM).byNameLabel("copy").iterator().next();
    assertThat(lab.vm(copy).isASnapshot()).isFalse();
    assertThat(lab.vm(copy).snapshotOf().isNull()).isTrue();
    assertThat(lab.vm(copy).parent().isNull()).isTrue();
    assertThat(lab.vm(copy).snapshotMetadata()).isEmpty();
    lab.call("provision", copy);
    lab.call("start", copy, false, false);
    Vdi disk = lab.state().get(ApiModel.VDI, disks(copy).getFirst());
    assertThat(disk.isASnapshot()).isFalse();
    assertThat(disk.snapshotOf().isNull()).isTrue();
  }

  @Test
  void whatIsNotPermittedIsRefused() {
    Ref<Vm> vm = machine();
    Ref<Vm> snapshot = snapshot(vm, "before");
    assertThat(lab.error("revert", vm)).containsExactly("ONLY_REVERT_SNAPSHOT");
    assertThat(lab.error("snapshot", snapshot, "x"))
        .containsExactly("VM_IS_SNAPSHOT", snapshot.text(), "snapshot");
    assertThat(lab.error("start", snapshot, false, false)).first().isEqualTo("VM_IS_SNAPSHOT");
    lab.set(
        vm,
        b ->
            b.blockedOperations(
                Map.of(VmOperations.SNAPSHOT, "no", VmOperations.REVERTING, "not that")));
    assertThat(lab.error("snapshot", vm, "x"))
        .containsExactly("OPERATION_BLOCKED", vm.text(), "no");
    assertThat(lab.error("revert", snapshot))
        .containsExactly("OPERATION_BLOCKED", vm.text(), "not that");
    lab.set(vm, b -> b.blockedOperations(Map.of()));
    lab.set(vm, b -> b.isATemplate(true));
    assertThat(lab.error("snapshot", vm, "x"))
        .containsExactly("VM_IS_TEMPLATE", vm.text(), "snapshot");
  }

  @Test
  void aDiskThatCannotBeFrozenLeavesNothingBehind() {
    Ref<Vm> vm = machine();
    Ref<Vbd> second = lab.disk(vm, 1, VbdMode.RW);
    Ref<Vdi> shared = lab.state().get(ApiModel.VBD, second).vdi();
    lab.store().change(tx -> tx.update(ApiModel.VDI, shared, v -> v.with(b -> b.sharable(true))));
    int vms = lab.state().table(ApiModel.VM).size();
    int vdis = lab.state().table(ApiModel.VDI).size();
    assertThat(lab.error("snapshot", vm, "x")).first().isEqualTo("OPERATION_NOT_ALLOWED");
    assertThat(lab.state().table(ApiModel.VM).size()).isEqualTo(vms);
    assertThat(lab.state().table(ApiModel.VDI).size()).isEqualTo(vdis);
    assertThat(lab.vm(vm).currentOperations()).isEmpty();
    assertThat(disks(vm))
        .allMatch(vdi -> lab.state().get(ApiModel.VDI, vdi).currentOperations().isEmpty());
  }

  private Ref<Vm> machine() {
    Ref<Vm> vm = lab.make();
    lab.disk(vm, 0, VbdMode.RW);
    lab.card(vm, 0);
    return vm;
  }

  private Ref<Vm> snapshot(Ref<Vm> vm, String name) {
    lab.call("snapshot", vm, name);
    return lab.state().table(ApiModel.VM).byNameLabel(name).iterator().next();
  }

  private List<Vbd> vbds(Ref<Vm> vm) {
    return lab.vm(vm).vbds().stream().map(v -> lab.state().get(ApiModel.VBD, v)).toList();
  }

  private List<Ref<Vdi>> disks(Ref<Vm> vm) {
    return vbds(vm).stream().filter(v -> v.type() == VbdType.DISK).map(Vbd::vdi).toList();
  }
}
