package io.keelson.control.vm.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.OnCrashBehaviour;
import io.keelson.api.model.OnNormalExit;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.VmLab;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What guests do by themselves, and what becomes of their VMs. */
final class GuestDoingsTest {
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
  void aGuestsOwnDoingsAreFollowedAsTheVmSays() {
    Ref<Vm> off = lab.make(b -> b.actionsAfterShutdown(OnNormalExit.DESTROY));
    lab.call("start", off, false, false);
    simulation.powerOff(lab.hostId(lab.vm(off).residentOn()), lab.id(off));
    await().untilAsserted(() -> lab.assertHalted(off));

    Ref<Vm> again = lab.make(b -> b.actionsAfterShutdown(OnNormalExit.RESTART));
    restarted(again, () -> simulation.powerOff(host(again), lab.id(again)));

    Ref<Vm> reboots = lab.make(b -> b.actionsAfterReboot(OnNormalExit.RESTART));
    restarted(reboots, () -> simulation.reboot(host(reboots), lab.id(reboots)));

    Ref<Vm> once = lab.make(b -> b.actionsAfterReboot(OnNormalExit.DESTROY));
    lab.call("start", once, false, false);
    simulation.reboot(host(once), lab.id(once));
    await().untilAsserted(() -> lab.assertHalted(once));
  }

  @Test
  void crashesAreFollowedAsTheVmSays() {
    for (OnCrashBehaviour action : OnCrashBehaviour.values()) {
      Ref<Vm> vm = lab.make(b -> b.actionsAfterCrash(action));
      switch (action) {
        case DESTROY, COREDUMP_AND_DESTROY -> {
          lab.call("start", vm, false, false);
          simulation.crash(host(vm), lab.id(vm));
          await().untilAsserted(() -> lab.assertHalted(vm));
        }
        case RENAME_RESTART -> {} // its copy runs: CrashTest
        case RESTART, COREDUMP_AND_RESTART ->
            restarted(vm, () -> simulation.crash(host(vm), lab.id(vm)));
        case PRESERVE -> {
          lab.call("start", vm, false, false);
          simulation.crash(host(vm), lab.id(vm));
          await().until(() -> lab.power(vm) == VmPowerState.PAUSED);
          simulation.die(host(vm), lab.id(vm));
          await().untilAsserted(() -> lab.assertHalted(vm));
        }
      }
    }
    assertThat(lab.state().rows(ApiModel.CRASHDUMP)).hasSize(2);
  }

  @Test
  void aDeathThatNobodyAskedForCountsAsACrash() {
    Ref<Vm> stays = lab.make(b -> b.actionsAfterCrash(OnCrashBehaviour.DESTROY));
    lab.call("start", stays, false, false);
    simulation.die(host(stays), lab.id(stays));
    await().untilAsserted(() -> lab.assertHalted(stays));
    Ref<Vm> comesBack = lab.make(b -> b.actionsAfterCrash(OnCrashBehaviour.RESTART));
    restarted(comesBack, () -> simulation.die(host(comesBack), lab.id(comesBack)));
  }

  @Test
  void aRebootTakesUpDevicesAddedMeanwhile() {
    Ref<Vm> vm = lab.make();
    lab.call("start", vm, false, false);
    Ref<Vbd> later = lab.disk(vm, 1, VbdMode.RW);
    lab.call("hard_reboot", vm);
    assertThat(lab.state().get(ApiModel.VBD, later).currentlyAttached()).isTrue();
  }

  @Test
  void aFailedRebootLeavesTheVmHalted() {
    Ref<Vm> vm = lab.make();
    lab.call("start", vm, false, false);
    lab.set(vm, b -> b.hvmBootPolicy(""));
    assertThat(lab.error("hard_reboot", vm)).first().isEqualTo("BOOTLOADER_FAILED");
    lab.assertHalted(vm);
  }

  private UUID host(Ref<Vm> vm) {
    return lab.hostId(lab.vm(vm).residentOn());
  }

  private void restarted(Ref<Vm> vm, Runnable doing) {
    lab.call("start", vm, false, false);
    long before = lab.vm(vm).domid();
    doing.run();
    await().until(() -> lab.vm(vm).domid() > before && lab.vm(vm).currentOperations().isEmpty());
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
  }
}
