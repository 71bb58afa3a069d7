package io.keelson.control.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Task;
import io.keelson.api.model.TaskStatusType;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmAppliance;
import io.keelson.api.model.VmApplianceOperation;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.VmLab;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.store.Row;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Appliances of simulated VMs. */
final class ApplianceTest {
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

  private Ref<VmAppliance> appliance() {
    lab.call("VM_appliance.create", Map.of("name_label", "shop", "name_description", "all of it"));
    return lab.state().rows(ApiModel.VM_APPLIANCE).findFirst().orElseThrow().ref();
  }

  private Ref<Vm> member(Ref<VmAppliance> appliance, String name, long order, long delay) {
    Ref<Vm> vm =
        lab.make(b -> b.nameLabel(name).order(order).startDelay(delay).shutdownDelay(delay));
    lab.call("set_appliance", vm, appliance);
    return vm;
  }

  private VmAppliance record(Ref<VmAppliance> appliance) {
    return lab.state().get(ApiModel.VM_APPLIANCE, appliance);
  }

  /** Names of alerts about VMs with the names of these, as they came. */
  private List<String> told() {
    return lab.state()
        .rows(ApiModel.MESSAGE)
        .sorted(Comparator.comparingLong(Row::created))
        .map(row -> row.record().name() + " " + row.record().body().split("'")[1])
        .toList();
  }

  @Test
  void startsInOrderAndStopsTheOtherWayRound() {
    Ref<VmAppliance> appliance = appliance();
    Ref<Vm> web = member(appliance, "web", 2, 0);
    Ref<Vm> store = member(appliance, "store", 1, 0);
    assertThat(record(appliance).vms()).containsExactlyInAnyOrder(web, store);
    assertThat(record(appliance).allowedOperations()).containsExactly(VmApplianceOperation.START);
    lab.call("VM_appliance.start", appliance, false);
    assertThat(told()).containsExactly("VM_STARTED store", "VM_STARTED web");
    assertThat(record(appliance).currentOperations()).isEmpty();
    assertThat(record(appliance).allowedOperations())
        .containsExactlyInAnyOrder(
            VmApplianceOperation.CLEAN_SHUTDOWN,
            VmApplianceOperation.HARD_SHUTDOWN,
            VmApplianceOperation.SHUTDOWN);
    lab.call("VM_appliance.start", appliance, false); // all of it is done
    lab.call("VM_appliance.hard_shutdown", appliance);
    assertThat(told()).endsWith("VM_SHUTDOWN web", "VM_SHUTDOWN store").hasSize(4);
  }

  @Test
  void pausedAndAllWaysToStop() {
    Ref<VmAppliance> appliance = appliance();
    Ref<Vm> vm = member(appliance, "one", 0, 0);
    lab.call("VM_appliance.start", appliance, true);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.PAUSED);
    lab.call("VM_appliance.shutdown", appliance);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.HALTED);
    lab.call("VM_appliance.start", appliance, false);
    lab.call("VM_appliance.clean_shutdown", appliance);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.HALTED);
  }

  @Test
  void namesTheVmsThatFailAndGoesOnWithTheOthers() {
    Ref<VmAppliance> appliance = appliance();
    Ref<Vm> blocked = member(appliance, "blocked", 0, 0);
    Ref<Vm> beside = member(appliance, "beside", 0, 0);
    Ref<Vm> after = member(appliance, "after", 1, 0);
    lab.set(blocked, b -> b.blockedOperations(Map.of(VmOperations.START, "no")));
    assertThat(lab.error("VM_appliance.start", appliance, false))
        .containsExactly("OPERATION_PARTIALLY_FAILED", "VM_appliance.start", blocked.text());
    assertThat(lab.power(blocked)).isEqualTo(VmPowerState.HALTED);
    assertThat(lab.power(beside)).isEqualTo(VmPowerState.RUNNING);
    assertThat(lab.power(after)).isEqualTo(VmPowerState.RUNNING);
    assertThat(record(appliance).currentOperations()).isEmpty();
    Task failed =
        lab.state()
            .rows(ApiModel.TASK)
            .map(Row::record)
            .filter(t -> t.status() == TaskStatusType.FAILURE)
            .findFirst()
            .orElseThrow();
    assertThat(failed.nameLabel()).isEqualTo("VM.start");
    assertThat(failed.errorInfo()).containsExactly("OPERATION_BLOCKED", blocked.text(), "no");
  }

  @Test
  void waitsBetweenOrdersUntilItIsCancelled() {
    Ref<VmAppliance> appliance = appliance();
    Ref<Vm> first = member(appliance, "first", 0, Long.MAX_VALUE);
    Ref<Vm> second = member(appliance, "second", 1, 0);
    VmLab.Pending start = lab.begin("VM_appliance.start");
    CompletableFuture<List<String>> outcome =
        CompletableFuture.supplyAsync(() -> {
          try {
            start.run(appliance, false);
            return List.of();
          } catch (ApiError e) {
            return e.description();
          }
        });
    await().until(() -> lab.power(first) == VmPowerState.RUNNING);
    assertThat(record(appliance).currentOperations()).containsValue(VmApplianceOperation.START);
    assertThat(record(appliance).allowedOperations()).isEmpty();
    assertThat(lab.error("VM_appliance.hard_shutdown", appliance))
        .startsWith("OTHER_OPERATION_IN_PROGRESS", "VM_appliance", appliance.text(), "start");
    assertThat(lab.error("VM_appliance.destroy", appliance))
        .startsWith("OTHER_OPERATION_IN_PROGRESS");
    start.call().cancel();
    assertThat(outcome.join()).startsWith("TASK_CANCELLED");
    assertThat(lab.power(second)).isEqualTo(VmPowerState.HALTED);
    assertThat(record(appliance).currentOperations()).isEmpty();
  }

  @Test
  void waitsForAsLongAsItsVmsSay() {
    Ref<VmAppliance> appliance = appliance();
    member(appliance, "first", 0, 1);
    member(appliance, "second", 1, 0);
    long start = System.nanoTime();
    lab.call("VM_appliance.start", appliance, false);
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_000_000_000L);
    assertThat(told()).containsExactly("VM_STARTED first", "VM_STARTED second");
  }

  @Test
  void anEmptyOneCanOnlyBeDestroyed() {
    Ref<VmAppliance> appliance = appliance();
    assertThat(record(appliance).allowedOperations()).isEmpty();
    assertThat(lab.error("VM_appliance.start", appliance, false))
        .startsWith("OPERATION_NOT_ALLOWED");
    Ref<Vm> vm = member(appliance, "vm", 0, 0);
    assertThat(lab.error("set_appliance", vm, "OpaqueRef:none")).startsWith("HANDLE_INVALID");
    lab.call("VM_appliance.destroy", appliance);
    assertThat(lab.vm(vm).appliance().isNull()).isTrue();
    assertThat(lab.state().rows(ApiModel.VM_APPLIANCE)).isEmpty();
    assertThat(lab.error("VM_appliance.start", appliance, false))
        .containsExactly("HANDLE_INVALID", "VM_appliance", appliance.text());
  }
}
