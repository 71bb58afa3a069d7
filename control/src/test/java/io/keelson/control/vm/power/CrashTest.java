package io.keelson.control.vm.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Crashdump;
import io.keelson.api.model.OnCrashBehaviour;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiType;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.VmLab;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.store.Row;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests that crash, and what is kept of them. */
final class CrashTest {
  @TempDir private Path folder;
  private Simulation simulation;
  private VmLab lab;

  @BeforeEach
  void open() {
    simulation = Simulation.open(SimulationPlan.of(1));
    lab = VmLab.open(folder, simulation.drivers(), 1);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private void restart() {
    lab.close();
    lab = VmLab.open(folder, simulation.drivers(), 1);
  }

  @Test
  void aCoreIsADiskThatGoesWithItsDump() {
    Ref<Vm> vm = crashed(OnCrashBehaviour.COREDUMP_AND_DESTROY);
    await().until(() -> lab.power(vm) == VmPowerState.HALTED);
    Ref<Crashdump> dump = onlyDump(vm);
    Crashdump record = lab.state().get(ApiModel.CRASHDUMP, dump);
    Vdi disk = lab.state().get(ApiModel.VDI, record.vdi());
    assertThat(disk.type()).isEqualTo(VdiType.CRASHDUMP);
    assertThat(disk.sr()).isEqualTo(lab.sr());
    assertThat(disk.virtualSize()).isGreaterThanOrEqualTo(lab.vm(vm).memoryStaticMax());
    assertThat(disk.crashDumps()).containsExactly(dump);
    assertThat(lab.state().get(ApiModel.SR, lab.sr()).virtualAllocation())
        .isEqualTo(disk.virtualSize());

    lab.call("crashdump.destroy", dump);
    assertThat(lab.vm(vm).crashDumps()).isEmpty();
    assertThat(lab.state().rows(ApiModel.VDI)).isEmpty();
    assertThat(lab.state().get(ApiModel.SR, lab.sr()).virtualAllocation()).isZero();
    assertThat(lab.error("crashdump.destroy", dump))
        .containsExactly("HANDLE_INVALID", "crashdump", dump.text());
  }

  @Test
  void destroyingADiskForgetsItsDump() {
    Ref<Vm> vm = crashed(OnCrashBehaviour.COREDUMP_AND_DESTROY);
    await().until(() -> lab.power(vm) == VmPowerState.HALTED);
    lab.call("VDI.destroy", lab.state().get(ApiModel.CRASHDUMP, onlyDump(vm)).vdi());
    assertThat(lab.state().rows(ApiModel.CRASHDUMP)).isEmpty();
  }

  @Test
  void coresGoWithTheirVmUnlessSomebodyReadsThem() {
    Ref<Vm> vm = lab.make(b -> b.actionsAfterCrash(OnCrashBehaviour.COREDUMP_AND_RESTART));
    lab.call("start", vm, false, false);
    crashAndReturn(vm);
    crashAndReturn(vm);
    assertThat(lab.vm(vm).crashDumps()).hasSize(2);
    Ref<Vdi> read =
        lab.state().get(ApiModel.CRASHDUMP, lab.vm(vm).crashDumps().iterator().next()).vdi();
    lab.disk(lab.make(), read, 3, VbdMode.RO);
    lab.call("hard_shutdown", vm);
    lab.call("destroy", vm);
    assertThat(lab.state().rows(ApiModel.CRASHDUMP)).isEmpty();
    assertThat(lab.state().rows(ApiModel.VDI).map(Row::ref)).containsExactly(read);
  }

  @Test
  void withoutARepositoryForCoresTheRestIsDoneAllTheSame() {
    lab.store()
        .change(tx ->
            tx.rows(ApiModel.POOL)
                .toList()
                .forEach(p ->
                    tx.update(
                        ApiModel.POOL, p.ref(), r -> r.with(b -> b.crashDumpSr(Ref.none())))));
    Ref<Vm> vm = crashed(OnCrashBehaviour.COREDUMP_AND_DESTROY);
    await().until(() -> lab.power(vm) == VmPowerState.HALTED);
    assertThat(lab.state().rows(ApiModel.CRASHDUMP)).isEmpty();
  }

  @Test
  void thereIsAnEndToTheCoresOfOneVm() {
    Ref<Vm> vm = lab.make(b -> b.actionsAfterCrash(OnCrashBehaviour.COREDUMP_AND_RESTART));
    lab.call("start", vm, false, false);
    for (int crash = 1; crash <= 18; crash++) {
      crashAndReturn(vm);
    }
    assertThat(lab.vm(vm).crashDumps()).hasSize(16);
  }

  @Test
  void aVmIsSetAsideAndACopyRunsInItsPlace() {
    Ref<Vm> vm = crashed(OnCrashBehaviour.RENAME_RESTART);
    await().until(() -> copies() == 1 && markless());
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.HALTED);
    assertThat(lab.vm(vm).nameLabel()).startsWith("vm (crashed ");
    Vm copy = copy();
    assertThat(copy.nameLabel()).isEqualTo("vm");
    assertThat(copy.powerState()).isEqualTo(VmPowerState.RUNNING);
    assertThat(copy.vbds()).hasSize(1);
    assertThat(lab.state().rows(ApiModel.VDI)).hasSize(2);
  }

  @Test
  void aCopyThatWasUnderWayIsFinished() {
    Ref<Vm> vm = lab.make();
    lab.disk(vm, 0, VbdMode.RW);
    mark(vm, lab.vm(vm).uuid());
    restart();
    assertThat(copies()).isEqualTo(1);
    assertThat(copy().powerState()).isEqualTo(VmPowerState.RUNNING);
    assertThat(markless()).isTrue();

    Ref<Vm> running =
        lab.state()
            .rows(ApiModel.VM)
            .map(Row::ref)
            .filter(r -> !r.equals(vm))
            .findFirst()
            .orElseThrow();
    mark(vm, lab.vm(vm).uuid());
    mark(running, lab.vm(vm).uuid());
    restart();
    assertThat(copies()).isEqualTo(1);
    assertThat(markless()).isTrue();
  }

  private void mark(Ref<Vm> vm, String crashed) {
    Map<String, String> config = new HashMap<>(lab.vm(vm).otherConfig());
    config.put("crashed_vm", crashed);
    config.put("crashed_vm_name", "vm");
    lab.set(vm, b -> b.otherConfig(config));
  }

  private boolean markless() {
    return lab.state()
        .rows(ApiModel.VM)
        .noneMatch(row -> row.record().otherConfig().containsKey("crashed_vm"));
  }

  private long copies() {
    return lab.state().rows(ApiModel.VM).count() - 1;
  }

  private Vm copy() {
    return lab.state()
        .rows(ApiModel.VM)
        .map(Row::record)
        .filter(vm -> vm.powerState() == VmPowerState.RUNNING)
        .findFirst()
        .orElseThrow();
  }

  private void crashAndReturn(Ref<Vm> vm) {
    long before = lab.vm(vm).domid();
    simulation.crash(lab.hostId(lab.host()), lab.id(vm));
    await().until(() -> lab.vm(vm).domid() > before && lab.vm(vm).currentOperations().isEmpty());
  }

  private Ref<Crashdump> onlyDump(Ref<Vm> vm) {
    assertThat(lab.vm(vm).crashDumps()).hasSize(1);
    return lab.vm(vm).crashDumps().iterator().next();
  }

  private Ref<Vm> crashed(OnCrashBehaviour behaviour) {
    Ref<Vm> vm = lab.make(b -> b.actionsAfterCrash(behaviour));
    if (behaviour == OnCrashBehaviour.RENAME_RESTART) {
      lab.disk(vm, 0, VbdMode.RW);
    }
    lab.call("start", vm, false, false);
    simulation.crash(lab.hostId(lab.host()), lab.id(vm));
    return vm;
  }
}
