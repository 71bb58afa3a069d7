package io.keelson.control.vm.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.OnCrashBehaviour;
import io.keelson.api.model.OnNormalExit;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.VmLab;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens, in whatever order, with drivers that fail: records agree with each other. */
final class RandomDaysTest {
  private static final List<String> OPERATIONS =
      List.of(
          "start",
          "resume",
          "pause",
          "unpause",
          "suspend",
          "clean_shutdown",
          "hard_shutdown",
          "shutdown",
          "clean_reboot",
          "hard_reboot",
          "clone",
          "set_VCPUs_number_live",
          "assert_can_boot_here");
  private static final int STEPS = 150;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void recordsAgree(long seed) {
    Random random = new Random(seed);
    Simulation simulation =
        Simulation.open(new SimulationPlan(seed, 2, Duration.ZERO, Duration.ofMillis(1), 0.05));
    try (VmLab lab = VmLab.open(folder, simulation.drivers(), 2)) {
      List<Ref<Vm>> vms = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        vms.add(make(lab, random));
      }
      for (int step = 0; step < STEPS; step++) {
        Ref<Vm> vm = vms.get(random.nextInt(vms.size()));
        if (random.nextInt(5) == 0) {
          surprise(lab, simulation, vm, random.nextInt(4));
        } else {
          operate(lab, vm, OPERATIONS.get(random.nextInt(OPERATIONS.size())));
        }
        check(lab, vms);
      }
    }
  }

  private static Ref<Vm> make(VmLab lab, Random random) {
    List<OnCrashBehaviour> crashes = List.of(OnCrashBehaviour.values());
    Ref<Vm> vm =
        lab.make(b ->
            b.actionsAfterShutdown(
                    random.nextBoolean() ? OnNormalExit.DESTROY : OnNormalExit.RESTART)
                .actionsAfterReboot(
                    random.nextBoolean() ? OnNormalExit.DESTROY : OnNormalExit.RESTART)
                .actionsAfterCrash(crashes.get(random.nextInt(crashes.size()))));
    lab.disk(vm, 0, VbdMode.RW);
    lab.card(vm, 0);
    return vm;
  }

  private static void operate(VmLab lab, Ref<Vm> vm, String operation) {
    try {
      switch (operation) {
        case "start", "resume" -> lab.call(operation, vm, false, false);
        case "clone" -> lab.call(operation, vm, "clone");
        case "set_VCPUs_number_live" -> lab.call(operation, vm, 2L);
        case "assert_can_boot_here" -> lab.call("assert_can_boot_here", vm, lab.host());
        default -> lab.call(operation, vm);
      }
    } catch (ApiError _) {
      // most operations are not permitted most of the time
    }
  }

  private static void surprise(VmLab lab, Simulation simulation, Ref<Vm> vm, int kind) {
    Vm record = lab.vm(vm);
    if (record.residentOn().isNull()) {
      return;
    }
    UUID host = lab.hostId(record.residentOn());
    UUID id = lab.id(vm);
    switch (kind) {
      case 0 -> simulation.powerOff(host, id);
      case 1 -> simulation.reboot(host, id);
      case 2 -> simulation.crash(host, id);
      default -> simulation.die(host, id);
    }
  }

  /** What is true of every VM whenever nothing is under way. */
  private static void check(VmLab lab, List<Ref<Vm>> vms) {
    for (Ref<Vm> ref : vms) {
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(2))
          .untilAsserted(() -> agrees(lab, ref));
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(2))
        .until(() -> lab.state().table(ApiModel.TASK).size() == 0);
  }

  private static void agrees(VmLab lab, Ref<Vm> ref) {
    var state = lab.state();
    Vm vm = state.get(ApiModel.VM, ref);
    boolean up = vm.powerState() == VmPowerState.RUNNING || vm.powerState() == VmPowerState.PAUSED;
    assertThat(vm.currentOperations()).isEmpty();
    assertThat(vm.scheduledToBeResidentOn().isNull()).isTrue();
    assertThat(vm.residentOn().isNull()).isEqualTo(!up);
    assertThat(vm.domid() > 0).isEqualTo(up);
    assertThat(vm.consoles().isEmpty()).isTrue();
    assertThat(vm.suspendVdi().isNull()).isEqualTo(vm.powerState() != VmPowerState.SUSPENDED);
    vm.vbds()
        .forEach(vbd -> {
          assertThat(state.get(ApiModel.VBD, vbd).currentOperations()).isEmpty();
          assertThat(state.get(ApiModel.VBD, vbd).currentlyAttached())
              .isEqualTo(vm.powerState() != VmPowerState.HALTED);
        });
    vm.vifs()
        .forEach(vif ->
            assertThat(state.get(ApiModel.VIF, vif).currentlyAttached())
                .isEqualTo(vm.powerState() != VmPowerState.HALTED));
    for (var host : lab.hosts()) {
      boolean there = lab.compute().find(lab.hostId(host), UUID.fromString(vm.uuid())).isPresent();
      assertThat(there).isEqualTo(up && vm.residentOn().equals(host));
    }
  }
}
