package io.keelson.control.vm.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Message;
import io.keelson.api.model.OnCrashBehaviour;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.VmLab;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.store.Row;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of VMs. */
final class VmAlertsTest {
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

  private List<String> told() {
    return lab.state()
        .rows(ApiModel.MESSAGE)
        .sorted(Comparator.comparingLong(Row::created))
        .map(Row::record)
        .map(VmAlertsTest::text)
        .toList();
  }

  private static String text(Message alert) {
    return alert.name() + " " + alert.priority() + " " + alert.body();
  }

  @Test
  void eachChangeOfPowerIsTold() {
    Ref<Vm> vm = lab.make(b -> b.nameLabel("web"));
    String host = "'host1' (uuid: %s)".formatted(lab.hostId(lab.host())).replace("'", "");
    lab.call("start", vm, false, false);
    lab.call("hard_reboot", vm);
    lab.call("suspend", vm);
    lab.call("resume", vm, false, false);
    lab.call("hard_shutdown", vm);
    assertThat(told())
        .containsExactly(
            "VM_STARTED 5 VM 'web' started on host: " + host,
            "VM_REBOOTED 5 VM 'web' rebooted forcibly",
            "VM_SUSPENDED 5 VM 'web' suspended",
            "VM_RESUMED 5 VM 'web' resumed on host: " + host,
            "VM_SHUTDOWN 5 VM 'web' shutdown forcibly");
  }

  @Test
  void aCopyIsTold() {
    Ref<Vm> vm = lab.make(b -> b.nameLabel("web"));
    lab.call("clone", vm, "copy");
    String copy = lab.state().table(ApiModel.VM).byNameLabel("copy").iterator().next().text();
    assertThat(told())
        .containsExactly(
            "VM_CLONED 5 VM 'web' cloned (new uuid: " + lab.vm(Ref.of(copy)).uuid() + ")");
  }

  @Test
  void aCrashIsTold() {
    Ref<Vm> vm = lab.make(b -> b.nameLabel("web").actionsAfterCrash(OnCrashBehaviour.DESTROY));
    lab.call("start", vm, false, false);
    simulation.crash(lab.hostId(lab.host()), lab.id(vm));
    await().until(() -> lab.power(vm) == VmPowerState.HALTED);
    assertThat(told()).endsWith("VM_CRASHED 2 VM 'web' crashed").hasSize(2);
  }

  @Test
  void whatFailsIsNotTold() {
    Ref<Vm> vm = lab.make(b -> b.nameLabel("web"));
    assertThat(lab.error("hard_shutdown", vm)).isNotEmpty();
    assertThat(told()).isEmpty();
  }
}
