package io.keelson.control.vm.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.VmLab;
import io.keelson.host.Drivers;
import io.keelson.host.Volume;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Whatever is snapshotted, reverted, cloned and destroyed, and whatever fails: trees are trees. */
final class SnapshotTreesTest {
  private static final int STEPS = 60;
  private static final int MOST_VMS = 30;

  @Property(tries = 5, shrinking = ShrinkingMode.OFF)
  void theHistoryOfEachVmIsATree(@ForAll long seed) throws IOException {
    Path folder = Files.createTempDirectory("snapshot-trees");
    SimulationPlan plan = new SimulationPlan(seed, 1, Duration.ZERO, Duration.ZERO, 0.05);
    Drivers drivers = Simulation.open(plan).drivers();
    try (VmLab lab = VmLab.open(folder, drivers, 1)) {
      Walk walk = new Walk(lab, new Random(seed));
      for (int i = 0; i < STEPS; i++) {
        walk.step();
        walk.check(drivers);
      }
    } finally {
      try (var files = Files.walk(folder)) {
        files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
      }
    }
  }

  /** Random work; what is refused or fails is passed over. */
  private static final class Walk {
    private final VmLab lab;
    private final Random random;
    private final Map<Ref<Vm>, Integer> drives = new HashMap<>();

    Walk(VmLab lab, Random random) {
      this.lab = lab;
      this.random = random;
      for (int disks = 1; disks <= 2; disks++) {
        Ref<Vm> vm = lab.make();
        for (int device = 0; device < disks; device++) {
          lab.disk(vm, device, VbdMode.RW);
        }
        lab.card(vm, 0);
      }
    }

    void step() {
      Ref<Vm> vm = pick();
      Vm before = lab.vm(vm);
      try {
        switch (random.nextInt(12)) {
          case 0, 1, 2 -> snapshot(vm);
          case 3, 4, 5 -> revert(vm, before);
          case 6 -> clone(vm);
          case 7 -> destroy(vm);
          case 8 -> lab.call("start", vm, false, false);
          case 9 -> lab.call("suspend", vm);
          case 10 -> lab.call("resume", vm, false, false);
          default -> lab.call("hard_shutdown", vm);
        }
      } catch (ApiError _) {
        // Refused, or failed as the simulation decided: the check afterwards is what counts.
      }
    }

    private Ref<Vm> pick() {
      List<Ref<Vm>> all = lab.state().rows(ApiModel.VM).map(Row::ref).toList();
      return all.get(random.nextInt(all.size()));
    }

    private void snapshot(Ref<Vm> vm) {
      if (lab.state().table(ApiModel.VM).size() < MOST_VMS) {
        Vm before = lab.vm(vm);
        Set<Ref<Vm>> known = new HashSet<>(before.snapshots());
        lab.call("snapshot", vm, "snapshot");
        Set<Ref<Vm>> fresh = new HashSet<>(lab.vm(vm).snapshots());
        fresh.removeAll(known);
        assertThat(fresh).hasSize(1);
        drives.put(fresh.iterator().next(), before.vbds().size());
      }
    }

    private void revert(Ref<Vm> snapshot, Vm before) {
      lab.call("revert", snapshot);
      Vm vm = lab.vm(before.snapshotOf());
      assertThat(vm.powerState()).isEqualTo(VmPowerState.HALTED);
      assertThat(vm.parent()).isEqualTo(snapshot);
      assertThat(vm.vbds()).hasSameSizeAs(before.vbds());
      assertThat(vm.vifs()).hasSameSizeAs(before.vifs());
    }

    private void clone(Ref<Vm> vm) {
      if (lab.state().table(ApiModel.VM).size() < MOST_VMS) {
        lab.call("clone", vm, "clone");
      }
    }

    private void destroy(Ref<Vm> vm) {
      long ordinary = lab.state().rows(ApiModel.VM).filter(r -> !r.record().isASnapshot()).count();
      if (lab.vm(vm).isASnapshot() || ordinary > 2) {
        lab.call("destroy", vm);
        drives.remove(vm);
      }
    }

    void check(Drivers drivers) {
      Snapshot state = lab.state();
      state.rows(ApiModel.VM).forEach(row -> checkVm(state, row));
      state.rows(ApiModel.VDI).forEach(row -> checkDisk(state, row));
      drives.forEach(
          (snapshot, count) -> assertThat(state.get(ApiModel.VM, snapshot).vbds()).hasSize(count));
      assertThat(state.table(ApiModel.TASK).size()).as("tasks left over").isZero();
      assertThat(state.table(ApiModel.VM_METRICS).size())
          .isEqualTo(
              (int) state.rows(ApiModel.VM).filter(r -> !r.record().metrics().isNull()).count());
      assertThat(state.table(ApiModel.VBD_METRICS).size())
          .isEqualTo(
              (int) state.rows(ApiModel.VBD).filter(r -> !r.record().metrics().isNull()).count());
      Set<UUID> images =
          Objects.requireNonNull(drivers.storages().get("file"))
              .scan(lab.hostId(lab.host()), lab.repository())
              .stream()
              .map(Volume::vdi)
              .collect(Collectors.toSet());
      assertThat(
              state
                  .rows(ApiModel.VDI)
                  .map(row -> UUID.fromString(row.record().uuid()))
                  .collect(Collectors.toSet()))
          .isEqualTo(images);
    }

    private static void checkVm(Snapshot state, Row<Vm> row) {
      Ref<Vm> ref = row.ref();
      Vm vm = row.record();
      assertThat(vm.currentOperations()).isEmpty();
      assertThat(vm.isASnapshot() || vm.snapshotOf().isNull()).isTrue();
      Set<Ref<Vm>> seen = new HashSet<>();
      for (Ref<Vm> at = ref; !at.isNull(); at = state.get(ApiModel.VM, at).parent()) {
        assertThat(seen.add(at)).as("a circle in the history").isTrue();
      }
      if (!vm.parent().isNull()) {
        assertThat(state.get(ApiModel.VM, vm.parent()).isASnapshot()).isTrue();
        assertThat(state.get(ApiModel.VM, vm.parent()).children()).contains(ref);
      }
      vm.children().forEach(c -> assertThat(state.get(ApiModel.VM, c).parent()).isEqualTo(ref));
      vm.snapshots()
          .forEach(s -> assertThat(state.get(ApiModel.VM, s).snapshotOf()).isEqualTo(ref));
      List<Vbd> vbds = vm.vbds().stream().map(v -> state.get(ApiModel.VBD, v)).toList();
      assertThat(vbds).extracting(Vbd::userdevice).doesNotHaveDuplicates();
      assertThat(vbds).allMatch(v -> v.vm().equals(ref) && v.currentOperations().isEmpty());
      assertThat(vbds)
          .allMatch(v -> state.get(ApiModel.VDI, v.vdi()).isASnapshot() == vm.isASnapshot());
    }

    private static void checkDisk(Snapshot state, Row<Vdi> row) {
      Vdi vdi = row.record();
      assertThat(vdi.currentOperations()).isEmpty();
      assertThat(vdi.snapshotOf()).isNotEqualTo(row.ref());
      assertThat(vdi.vbds()).hasSizeLessThan(2);
      if (!vdi.snapshotOf().isNull()) {
        assertThat(state.get(ApiModel.VDI, vdi.snapshotOf()).snapshots()).contains(row.ref());
      }
    }
  }
}
