package io.keelson.control.vm.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.VmLab;
import io.keelson.host.Handover;
import io.keelson.host.Progress;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** VMs on their way from one host to another. */
final class MigrationTest {
  private static final Map<String, String> NONE = Map.of();

  @TempDir private Path folder;
  private Simulation simulation;
  private VmLab lab;

  @BeforeEach
  void open() {
    simulation = Simulation.open(SimulationPlan.of(2));
    lab = VmLab.open(folder, simulation.drivers(), 2);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private Ref<Vm> running() {
    Ref<Vm> vm = lab.make();
    lab.disk(vm, 0, VbdMode.RW);
    lab.card(vm, 0);
    lab.call("start_on", vm, lab.host(), false, false);
    return vm;
  }

  private Ref<Host> other() {
    return lab.hosts().getLast();
  }

  private boolean runsOn(Ref<Vm> vm, Ref<Host> host) {
    return lab.compute().find(lab.hostId(host), lab.id(vm)).isPresent();
  }

  @Test
  void theDomainAndTheRecordsGoTogether() {
    Ref<Vm> vm = running();
    long domid = lab.vm(vm).domid();
    lab.call("pool_migrate", vm, other(), NONE);
    assertThat(lab.vm(vm).residentOn()).isEqualTo(other());
    assertThat(lab.vm(vm).scheduledToBeResidentOn().isNull()).isTrue();
    assertThat(lab.vm(vm).domid()).isNotEqualTo(domid);
    assertThat(runsOn(vm, other())).isTrue();
    assertThat(runsOn(vm, lab.host())).isFalse();
    assertThat(devicesIdle(vm)).isTrue();

    long there = lab.vm(vm).domid();
    lab.call("pool_migrate", vm, other(), NONE);
    assertThat(lab.vm(vm).domid()).isNotEqualTo(there);
    lab.call("clean_shutdown", vm);
    assertThat(runsOn(vm, other())).isFalse();
  }

  @Test
  void aProcessorThatLacksFeaturesIsRefusedUnlessTheCallerInsists() {
    Ref<Vm> vm = running();
    assertThat(lab.vm(vm).lastBootCpuFlags()).containsKeys("vendor", "features");
    processor(lab.host(), "Made", "0000000f-00000001");
    lab.call("hard_reboot", vm);
    processor(other(), "Made", "0000000f-00000000");
    assertThat(lab.error("pool_migrate", vm, other(), NONE))
        .startsWith("VM_INCOMPATIBLE_WITH_THIS_HOST", vm.text(), other().text());
    lab.call("pool_migrate", vm, other(), Map.of("force", "true"));
    lab.call("pool_migrate", vm, lab.host(), NONE);
    lab.call("suspend", vm);
    assertThat(lab.error("resume_on", vm, other(), false, false))
        .startsWith("VM_INCOMPATIBLE_WITH_THIS_HOST", vm.text(), other().text());
    lab.call("resume_on", vm, other(), false, true);
    lab.call("suspend", vm);
    lab.call("resume", vm, false, false);
    assertThat(lab.vm(vm).residentOn()).isEqualTo(lab.host());
    processor(other(), "Another", "0000000f-00000001");
    assertThat(lab.error("pool_migrate", vm, other(), NONE))
        .startsWith("VM_INCOMPATIBLE_WITH_THIS_HOST");
    processor(other(), "Made", "000000ff-00000001-00000001");
    lab.call("pool_migrate", vm, other(), NONE);
    lab.call("hard_shutdown", vm);
    processor(lab.host(), "Another", "00000000");
    lab.call("start_on", vm, lab.host(), false, false);
    assertThat(lab.vm(vm).lastBootCpuFlags()).containsEntry("vendor", "Another");
  }

  private void processor(Ref<Host> host, String vendor, String features) {
    Map<String, String> info = Map.of("vendor", vendor, "features", features);
    lab.store().change(tx -> tx.update(ApiModel.HOST, host, h -> h.with(b -> b.cpuInfo(info))));
  }

  private boolean devicesIdle(Ref<Vm> vm) {
    return lab.vm(vm).vbds().stream()
            .map(vbd -> lab.state().get(ApiModel.VBD, vbd))
            .allMatch(vbd -> vbd.currentlyAttached() && vbd.currentOperations().isEmpty())
        && lab.vm(vm).vifs().stream()
            .map(vif -> lab.state().get(ApiModel.VIF, vif))
            .allMatch(vif -> vif.currentlyAttached() && vif.currentOperations().isEmpty());
  }

  @Test
  void memoryMustBeThereTwiceOnTheSameHost() {
    Ref<Vm> vm = running();
    lab.memory(other(), 8 * VmLab.MIB);
    assertThat(lab.error("pool_migrate", vm, other(), NONE))
        .startsWith("HOST_NOT_ENOUGH_FREE_MEMORY");
    lab.memory(lab.host(), 100 * VmLab.MIB);
    assertThat(lab.error("pool_migrate", vm, lab.host(), NONE))
        .startsWith("HOST_NOT_ENOUGH_FREE_MEMORY");
    assertThat(lab.vm(vm).currentOperations()).isEmpty();
  }

  @Test
  void aMoveThatIsCancelledLeavesTheVmWhereItWas() {
    Ref<Vm> vm = running();
    var pending = lab.begin("pool_migrate");
    pending.call().cancel();
    assertThatExceptionOfType(ApiError.class)
        .isThrownBy(() -> pending.run(vm, other(), NONE))
        .satisfies(e -> assertThat(e.description()).startsWith("TASK_CANCELLED"));
    assertThat(runsOn(vm, lab.host())).isTrue();
    assertThat(lab.vm(vm).residentOn()).isEqualTo(lab.host());
    assertThat(lab.vm(vm).scheduledToBeResidentOn().isNull()).isTrue();
    assertThat(devicesIdle(vm)).isTrue();
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
  }

  @Test
  void aMoveThatTheServerDidNotSeeTheEndOfIsFound() {
    Ref<Vm> moved = running();
    Ref<Vm> stayed = running();
    var nics = lab.compute().nics(lab.hostId(lab.host()), lab.id(moved));
    lab.compute()
        .migrate(
            lab.hostId(lab.host()),
            lab.id(moved),
            lab.hostId(other()),
            nics,
            Handover.NONE,
            Progress.NONE);
    for (Ref<Vm> vm : List.of(moved, stayed)) {
      lab.set(
          vm,
          b ->
              b.scheduledToBeResidentOn(other())
                  .currentOperations(Map.of(Ref.fresh().text(), VmOperations.POOL_MIGRATE)));
    }
    lab.close();
    lab = VmLab.open(folder, simulation.drivers(), 2);
    assertThat(lab.vm(moved).residentOn()).isEqualTo(other());
    assertThat(lab.vm(stayed).residentOn()).isEqualTo(lab.host());
    for (Ref<Vm> vm : List.of(moved, stayed)) {
      assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
      assertThat(lab.vm(vm).currentOperations()).isEmpty();
      assertThat(lab.vm(vm).scheduledToBeResidentOn().isNull()).isTrue();
    }
  }
}
