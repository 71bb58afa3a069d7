package io.keelson.control.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.AllocationAlgorithm;
import io.keelson.api.model.GpuGroup;
import io.keelson.api.model.OnCrashBehaviour;
import io.keelson.api.model.Pgpu;
import io.keelson.api.model.Task;
import io.keelson.api.model.TaskStatusType;
import io.keelson.api.model.Vgpu;
import io.keelson.api.model.VgpuType;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.console.ConsoleLocations;
import io.keelson.control.vm.VmLab;
import io.keelson.control.vm.power.PowerStates;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.store.Row;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What VMs hold is theirs alone, whatever happens to them and to the server. */
class HeldDevicesTest {
  private static final int HOSTS = 3;

  @TempDir private Path folder;
  private Simulation simulation;
  private VmLab lab;

  @BeforeEach
  void open() {
    simulation = Simulation.open(SimulationPlan.of(HOSTS));
    lab = VmLab.open(folder, simulation.drivers(), HOSTS);
    new DeviceScan(lab.store(), simulation.drivers().devices()).recover();
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private void restart() {
    lab.close();
    lab = VmLab.open(folder, simulation.drivers(), HOSTS);
  }

  private Ref<GpuGroup> group() {
    return lab.state()
        .rows(ApiModel.GPU_GROUP)
        .filter(group -> group.record().gpuTypes().contains("5153/2001"))
        .findFirst()
        .map(Row::ref)
        .orElseThrow();
  }

  private List<Ref<VgpuType>> kinds() {
    return lab.state()
        .rows(ApiModel.VGPU_TYPE)
        .sorted((a, b) -> a.record().identifier().compareTo(b.record().identifier()))
        .<Ref<VgpuType>>map(Row::ref)
        .toList();
  }

  private Ref<Vgpu> give(Ref<Vm> vm, Ref<VgpuType> kind) {
    Ref<GpuGroup> group = group();
    return lab.store()
        .transact(tx ->
            VgpuRecords.create(
                tx, Vgpu.builder().build().with(b -> b.vm(vm).gpuGroup(group).type(kind))));
  }

  private Vgpu vgpu(Ref<Vgpu> ref) {
    return lab.state().get(ApiModel.VGPU, ref);
  }

  private void interrupt(Ref<Vm> vm) {
    lab.store()
        .change(tx -> {
          Ref<Task> task =
              tx.create(
                  ApiModel.TASK,
                  Task.builder().uuid(VmLab.uuid()).status(TaskStatusType.PENDING).build());
          tx.update(
              ApiModel.VM,
              vm,
              v -> v.with(b -> b.currentOperations(Map.of(task.text(), VmOperations.START))));
        });
  }

  @Test
  void anInterruptedStartThatCameToNothingHoldsNothing() {
    Ref<Vm> vm = lab.make();
    Ref<Vgpu> vgpu = give(vm, kinds().getLast());
    lab.store().change(tx -> HeldDevices.claim(tx, vm, lab.host()));
    assertThat(vgpu(vgpu).residentOn().isNull()).isFalse();
    assertThat(lab.vm(vm).attachedPcis()).hasSize(2);
    interrupt(vm);
    restart();
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.HALTED);
    assertThat(vgpu(vgpu).residentOn().isNull()).isTrue();
    assertThat(lab.vm(vm).attachedPcis()).isEmpty();
    lab.call("start", vm, false, false);
    assertThat(vgpu(vgpu).currentlyAttached()).isTrue();
  }

  @Test
  void anInterruptedStartThatBuiltTheDomainHoldsWhatItClaimed() {
    Ref<Vm> vm = lab.make();
    Ref<Vgpu> vgpu = give(vm, kinds().getLast());
    lab.call("start", vm, false, false);
    Ref<Pgpu> gpu = vgpu(vgpu).residentOn();
    var held = lab.vm(vm).attachedPcis();
    var host = lab.vm(vm).residentOn();
    interrupt(vm);
    lab.store()
        .change(tx -> {
          new PowerStates(Clock.systemUTC(), new ConsoleLocations(lab.store())).halted(tx, vm);
          tx.update(ApiModel.VGPU, vgpu, v -> v.with(b -> b.residentOn(gpu)));
          tx.update(
              ApiModel.VM,
              vm,
              v -> v.with(b -> b.attachedPcis(held).scheduledToBeResidentOn(host)));
        });
    restart();
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
    assertThat(vgpu(vgpu).residentOn()).isEqualTo(gpu);
    assertThat(vgpu(vgpu).currentlyAttached()).isTrue();
    assertThat(lab.vm(vm).attachedPcis()).isEqualTo(held);
  }

  @Test
  void aDomainThatDiesLetsGo() {
    Ref<Vm> vm = lab.make(b -> b.actionsAfterCrash(OnCrashBehaviour.DESTROY));
    Ref<Vgpu> vgpu = give(vm, kinds().getFirst());
    lab.call("start", vm, false, false);
    simulation.die(lab.hostId(lab.vm(vm).residentOn()), lab.id(vm));
    await().until(() -> lab.power(vm) == VmPowerState.HALTED);
    assertThat(vgpu(vgpu).residentOn().isNull()).isTrue();
  }

  /** Drivers fail now and then: what did not start holds nothing. */
  @Test
  void aStartThatFailsLetsGo() {
    lab.close();
    simulation = Simulation.open(new SimulationPlan(3, HOSTS, Duration.ZERO, Duration.ZERO, 0.1));
    lab = VmLab.open(folder.resolve("unreliable"), simulation.drivers(), HOSTS);
    new DeviceScan(lab.store(), simulation.drivers().devices()).recover();
    Ref<Vm> vm = lab.make();
    Ref<Vgpu> vgpu = give(vm, kinds().getLast());
    int failed = 0;
    for (int i = 0; i < 60; i++) {
      boolean halted = lab.power(vm) == VmPowerState.HALTED;
      List<String> error =
          halted ? lab.error("start", vm, false, false) : lab.error("hard_shutdown", vm);
      failed += halted && !error.isEmpty() ? 1 : 0;
      boolean runs = lab.power(vm) == VmPowerState.RUNNING;
      assertThat(vgpu(vgpu).residentOn().isNull()).isEqualTo(!runs);
      assertThat(vgpu(vgpu).currentlyAttached()).isEqualTo(runs);
      assertThat(lab.vm(vm).attachedPcis()).hasSize(runs ? 2 : 0);
    }
    assertThat(failed).isPositive();
  }

  /** The simulated hosts refuse whoever takes more than there is. */
  @ParameterizedTest
  @EnumSource(AllocationAlgorithm.class)
  void startsAndStopsInAnyOrderNeverTakeMoreThanThereIs(AllocationAlgorithm algorithm) {
    Ref<GpuGroup> group = group();
    lab.store()
        .change(tx ->
            tx.update(
                ApiModel.GPU_GROUP, group, g -> g.with(b -> b.allocationAlgorithm(algorithm))));
    List<Ref<VgpuType>> kinds = kinds();
    List<Ref<Vm>> vms = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      Ref<Vm> vm = lab.make();
      Ref<Vgpu> _ = give(vm, kinds.get(i % kinds.size()));
      vms.add(vm);
    }
    RandomGenerator random = new Random(25);
    int refused = 0;
    for (int i = 0; i < 200; i++) {
      Ref<Vm> vm = vms.get(random.nextInt(vms.size()));
      if (lab.power(vm) == VmPowerState.HALTED) {
        boolean room =
            lab.state().get(ApiModel.GPU_GROUP, group).pgpus().stream()
                .anyMatch(gpu -> Occupancy.of(lab.state()).remaining(gpu, kind(vm)) > 0);
        if (room) {
          lab.call("start", vm, false, false);
        } else {
          assertThat(lab.error("start", vm, false, false)).containsExactly("NO_HOSTS_AVAILABLE");
          refused++;
        }
      } else {
        lab.call("hard_shutdown", vm);
      }
      checkProcessors();
    }
    assertThat(refused).isPositive();
  }

  private Ref<VgpuType> kind(Ref<Vm> vm) {
    return VgpuRecords.of(lab.state(), lab.vm(vm)).getFirst().type();
  }

  private void checkProcessors() {
    lab.state()
        .rows(ApiModel.PGPU)
        .map(Row::record)
        .forEach(gpu -> {
          Set<Ref<VgpuType>> kinds = new HashSet<>();
          gpu.residentVgpus().forEach(each -> kinds.add(vgpu(each).type()));
          assertThat(kinds.size()).isLessThan(2);
          kinds.forEach(kind ->
              assertThat((long) gpu.residentVgpus().size())
                  .isLessThanOrEqualTo(gpu.supportedVgpuMaxCapacities().getOrDefault(kind, 0L)));
        });
  }
}
