package io.keelson.control.vm.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.OnNormalExit;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.VmLab;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** VMs through a simulated day. */
final class LifecycleTest {
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

  @Test
  void aStartedVmHasADomainDevicesConsolesAndFigures() {
    Ref<Vm> vm = lab.make();
    Ref<Vbd> disk = lab.disk(vm, 0, VbdMode.RW);
    Ref<Vif> card = lab.card(vm, 0);

    lab.call("start", vm, false, false);

    Vm running = lab.vm(vm);
    assertThat(running.powerState()).isEqualTo(VmPowerState.RUNNING);
    assertThat(running.domid()).isPositive();
    assertThat(lab.hosts()).contains(running.residentOn());
    assertThat(running.currentOperations()).isEmpty();
    assertThat(running.scheduledToBeResidentOn().isNull()).isTrue();
    assertThat(lab.state().get(ApiModel.VBD, disk).currentlyAttached()).isTrue();
    assertThat(lab.state().get(ApiModel.VBD, disk).currentOperations()).isEmpty();
    assertThat(lab.state().get(ApiModel.VIF, card).currentlyAttached()).isTrue();
    assertThat(lab.state().get(ApiModel.VM_METRICS, running.metrics()).vcpusNumber()).isEqualTo(1);
    assertThat(lab.state().get(ApiModel.VM_METRICS, running.metrics()).memoryActual())
        .isEqualTo(64 * VmLab.MIB);
    assertThat(BootRecord.read(running.lastBootedRecord()).uuid()).isEqualTo(running.uuid());
    assertThat(running.allowedOperations())
        .contains(VmOperations.CLEAN_SHUTDOWN, VmOperations.SUSPEND)
        .doesNotContain(VmOperations.START, VmOperations.SHUTDOWN);
    assertThat(lab.state().rows(ApiModel.TASK)).isEmpty();
  }

  @Test
  void aHaltedVmHasNothingOfARunLeft() {
    Ref<Vm> vm = lab.make();
    Ref<Vbd> disk = lab.disk(vm, 0, VbdMode.RW);
    Ref<Vif> card = lab.card(vm, 0);
    lab.call("start", vm, false, false);

    lab.call("hard_shutdown", vm);

    lab.assertHalted(vm);
    assertThat(lab.state().get(ApiModel.VBD, disk).currentlyAttached()).isFalse();
    assertThat(lab.state().get(ApiModel.VIF, card).currentlyAttached()).isFalse();
    assertThat(lab.state().rows(ApiModel.CONSOLE)).isEmpty();
  }

  @Test
  void pauseAndUnpause() {
    Ref<Vm> vm = lab.make();
    lab.call("start", vm, true, false);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.PAUSED);
    lab.call("unpause", vm);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
    assertThat(lab.error("unpause", vm))
        .containsExactly("VM_BAD_POWER_STATE", vm.text(), "paused", "running");
    lab.call("pause", vm);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.PAUSED);
    lab.call("hard_reboot", vm);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
  }

  @Test
  void signalsGoToMachinesThatRun() {
    Ref<Vm> vm = lab.make(b -> b.actionsAfterReboot(OnNormalExit.RESTART));
    assertThat(lab.error("send_trigger", vm, "nmi"))
        .containsExactly("VM_BAD_POWER_STATE", vm.text(), "running", "halted");
    assertThat(lab.error("send_sysrq", vm, "h"))
        .containsExactly("VM_BAD_POWER_STATE", vm.text(), "running", "halted");
    lab.call("start", vm, false, false);
    long first = lab.vm(vm).domid();
    assertThat(lab.error("send_trigger", vm, "kick"))
        .containsExactly("INVALID_VALUE", "trigger", "kick");
    assertThat(lab.error("send_sysrq", vm, "H")).containsExactly("INVALID_VALUE", "key", "H");
    lab.call("send_trigger", vm, "nmi");
    lab.call("send_sysrq", vm, "h");
    assertThat(lab.vm(vm).currentOperations()).isEmpty();
    lab.call("send_trigger", vm, "reset");
    await().until(() -> lab.vm(vm).domid() > first && lab.vm(vm).currentOperations().isEmpty());
    lab.call("send_trigger", vm, "power");
    await().until(() -> lab.power(vm) == VmPowerState.HALTED);
  }

  @Test
  void cleanShutdownAndReboot() {
    Ref<Vm> vm = lab.make(b -> b.actionsAfterShutdown(OnNormalExit.RESTART));
    lab.call("start", vm, false, false);
    long first = lab.vm(vm).domid();
    lab.call("clean_reboot", vm);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
    assertThat(lab.vm(vm).domid()).isNotEqualTo(first);
    lab.call("clean_shutdown", vm);
    lab.assertHalted(vm);
  }

  @Test
  void shutdownWorksOnEveryStateThatHasARun() {
    Ref<Vm> vm = lab.make();
    lab.call("start", vm, false, false);
    lab.call("shutdown", vm);
    lab.assertHalted(vm);
    lab.call("start", vm, true, false);
    lab.call("shutdown", vm);
    lab.assertHalted(vm);
    lab.call("start", vm, false, false);
    lab.call("suspend", vm);
    lab.call("shutdown", vm);
    lab.assertHalted(vm);
    assertThat(lab.state().rows(ApiModel.VDI)).isEmpty();
  }

  @Test
  void aSuspendedVmKeepsItsDevicesAndComesBack() {
    Ref<Vm> vm = lab.make();
    Ref<Vbd> disk = lab.disk(vm, 0, VbdMode.RW);
    lab.call("start", vm, false, false);

    lab.call("suspend", vm);

    Vm suspended = lab.vm(vm);
    assertThat(suspended.powerState()).isEqualTo(VmPowerState.SUSPENDED);
    assertThat(suspended.residentOn().isNull()).isTrue();
    assertThat(suspended.domid()).isEqualTo(-1);
    assertThat(lab.state().get(ApiModel.VBD, disk).currentlyAttached()).isTrue();
    assertThat(lab.state().find(ApiModel.VDI, suspended.suspendVdi())).isPresent();

    lab.call("resume", vm, false, false);

    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
    assertThat(lab.vm(vm).suspendVdi().isNull()).isTrue();
    assertThat(lab.state().rows(ApiModel.VDI)).hasSize(1);
  }

  @Test
  void aHardShutdownDropsTheMemoryOfASuspendedVm() {
    Ref<Vm> vm = lab.make();
    lab.call("start", vm, false, false);
    lab.call("suspend", vm);
    lab.call("hard_shutdown", vm);
    lab.assertHalted(vm);
    assertThat(lab.state().rows(ApiModel.VDI)).isEmpty();
  }

  @Test
  void withoutARepositoryForImagesNobodySuspends() {
    lab.store()
        .change(tx ->
            tx.rows(ApiModel.POOL)
                .toList()
                .forEach(p ->
                    tx.update(
                        ApiModel.POOL, p.ref(), r -> r.with(b -> b.suspendImageSr(Ref.none())))));
    Ref<Vm> vm = lab.make();
    lab.call("start", vm, false, false);
    assertThat(lab.error("suspend", vm)).containsExactly("VM_NO_SUSPEND_SR", vm.text());
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
    assertThat(lab.vm(vm).currentOperations()).isEmpty();
  }

  @Test
  void eightClientsStartAndStopWithoutConflict() throws Exception {
    List<Ref<Vm>> vms = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      vms.add(lab.make());
      lab.disk(vms.getLast(), 0, VbdMode.RW);
      lab.card(vms.getLast(), 0);
    }
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (Ref<Vm> vm : vms) {
        done.add(
            clients.submit(() -> {
              for (int round = 0; round < 5; round++) {
                lab.call("start", vm, false, false);
                lab.call("suspend", vm);
                lab.call("resume", vm, false, false);
                lab.call("clean_reboot", vm);
                lab.call(round % 2 == 0 ? "hard_shutdown" : "clean_shutdown", vm);
              }
            }));
      }
      for (Future<?> client : done) {
        client.get();
      }
    }
    vms.forEach(lab::assertHalted);
    assertThat(lab.state().rows(ApiModel.TASK)).isEmpty();
  }

  @Test
  void powerStateResetLeavesNothingOfARun() {
    Ref<Vm> vm = lab.make();
    lab.disk(vm, 0, VbdMode.RW);
    lab.card(vm, 0);
    for (String state : List.of("Running", "Paused", "Suspended", "Halted")) {
      if (!state.equals("Halted")) {
        lab.call("start", vm, false, false);
      }
      switch (state) {
        case "Paused" -> lab.call("pause", vm);
        case "Suspended" -> lab.call("suspend", vm);
        default -> {}
      }
      lab.call("power_state_reset", vm);
      lab.assertHalted(vm);
      assertThat(lab.vm(vm).suspendVdi().isNull()).as(state).isTrue();
      assertThat(
              lab.hosts().stream()
                  .filter(host ->
                      simulation
                          .drivers()
                          .compute()
                          .find(lab.hostId(host), lab.id(vm))
                          .isPresent()))
          .as(state)
          .isEmpty();
    }
    lab.call("start", vm, false, false);
    lab.call("hard_shutdown", vm);
  }
}
