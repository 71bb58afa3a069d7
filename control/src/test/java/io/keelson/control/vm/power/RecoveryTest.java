package io.keelson.control.vm.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Task;
import io.keelson.api.model.TaskStatusType;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.VbdOperations;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.console.ConsoleLocations;
import io.keelson.control.vm.VmLab;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that ends in the middle of things, and the next one. */
final class RecoveryTest {
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
  void runningVmsGoOnAndAreStillFollowed() {
    Ref<Vm> runs = started();
    Ref<Vm> paused = started();
    lab.call("pause", paused);
    Ref<Vm> suspended = started();
    lab.call("suspend", suspended);
    long domid = lab.vm(runs).domid();

    restart();

    assertThat(lab.power(runs)).isEqualTo(VmPowerState.RUNNING);
    assertThat(lab.vm(runs).domid()).isEqualTo(domid);
    assertThat(lab.power(paused)).isEqualTo(VmPowerState.PAUSED);
    lab.call("resume", suspended, false, false);
    assertThat(lab.power(suspended)).isEqualTo(VmPowerState.RUNNING);
    lab.call("unpause", paused);
    simulation.powerOff(lab.hostId(lab.host()), lab.id(runs));
    await().until(() -> lab.power(runs) == VmPowerState.HALTED);
  }

  @Test
  void aVmWhoseDomainIsGoneIsHalted() {
    Ref<Vm> vm = started();
    UUID host = lab.hostId(lab.host());
    UUID id = lab.id(vm);
    lab.close();
    simulation.drivers().compute().destroy(host, id);
    lab = VmLab.open(folder, simulation.drivers(), 1);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.HALTED);
    assertThat(lab.vm(vm).domid()).isEqualTo(-1);
  }

  @Test
  void anInterruptedStartThatBuiltTheDomainSucceeded() {
    Ref<Vm> vm = started();
    long domid = lab.vm(vm).domid();
    Ref<Task> task = interrupt(vm, VmOperations.START);
    lab.store()
        .change(tx -> {
          new PowerStates(java.time.Clock.systemUTC(), new ConsoleLocations(lab.store()))
              .halted(tx, vm);
          tx.update(ApiModel.VM, vm, v -> v.with(b -> b.scheduledToBeResidentOn(lab.host())));
          tx.get(ApiModel.VM, vm)
              .vbds()
              .forEach(vbd ->
                  tx.update(
                      ApiModel.VBD,
                      vbd,
                      v ->
                          v.with(b ->
                              b.currentOperations(Map.of(task.text(), VbdOperations.ATTACH)))));
        });

    restart();

    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
    assertThat(lab.vm(vm).domid()).isEqualTo(domid);
    assertThat(lab.vm(vm).scheduledToBeResidentOn().isNull()).isTrue();
    lab.vm(vm)
        .vbds()
        .forEach(vbd -> {
          assertThat(lab.state().get(ApiModel.VBD, vbd).currentlyAttached()).isTrue();
          assertThat(lab.state().get(ApiModel.VBD, vbd).currentOperations()).isEmpty();
        });
    assertEnded(vm, task, TaskStatusType.SUCCESS);
  }

  @Test
  void anInterruptedStartWithoutADomainFailed() {
    Ref<Vm> vm = lab.make();
    Ref<Task> task = interrupt(vm, VmOperations.START);
    restart();
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.HALTED);
    assertEnded(vm, task, TaskStatusType.FAILURE);
    lab.call("start", vm, false, false);
  }

  @Test
  void anInterruptedHardShutdownIsFinished() {
    Ref<Vm> vm = started();
    Ref<Task> clean = interrupt(vm, VmOperations.CLEAN_SHUTDOWN);
    Ref<Task> hard = interrupt(vm, VmOperations.HARD_SHUTDOWN);
    UUID id = lab.id(vm);
    restart();
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.HALTED);
    assertThat(simulation.drivers().compute().find(lab.hostId(lab.host()), id)).isEmpty();
    assertEnded(vm, hard, TaskStatusType.SUCCESS);
    assertEnded(vm, clean, TaskStatusType.FAILURE);
  }

  @Test
  void anInterruptedRebootIsFinished() {
    Ref<Vm> vm = started();
    long domid = lab.vm(vm).domid();
    Ref<Task> task = interrupt(vm, VmOperations.HARD_REBOOT);
    simulation.drivers().compute().destroy(lab.hostId(lab.host()), lab.id(vm));
    restart();
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
    assertThat(lab.vm(vm).domid()).isGreaterThan(domid);
    assertEnded(vm, task, TaskStatusType.SUCCESS);
  }

  @Test
  void anInterruptedSuspensionIsWhatReallyHappened() {
    Ref<Vm> vm = started();
    Ref<Task> task = interrupt(vm, VmOperations.SUSPEND);
    restart();
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
    assertEnded(vm, task, TaskStatusType.FAILURE);

    lab.call("suspend", vm);
    Vm suspended = lab.vm(vm);
    lab.set(vm, b -> b.powerState(VmPowerState.RUNNING).residentOn(lab.host()).domid(99));
    Ref<Task> done = interrupt(vm, VmOperations.SUSPEND);
    restart();
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.SUSPENDED);
    assertThat(lab.vm(vm).suspendVdi()).isEqualTo(suspended.suspendVdi());
    assertEnded(vm, done, TaskStatusType.SUCCESS);
    lab.call("resume", vm, false, false);
  }

  private Ref<Vm> started() {
    Ref<Vm> vm = lab.make();
    lab.disk(vm, 0, VbdMode.RW);
    lab.call("start", vm, false, false);
    return vm;
  }

  /** Leaves the marks of an operation that will never be heard of again. */
  private Ref<Task> interrupt(Ref<Vm> vm, VmOperations operation) {
    return lab.store()
        .transact(tx -> {
          Ref<Task> task =
              tx.create(
                  ApiModel.TASK,
                  Task.builder().uuid(VmLab.uuid()).status(TaskStatusType.PENDING).build());
          Map<String, VmOperations> marks =
              new java.util.HashMap<>(tx.get(ApiModel.VM, vm).currentOperations());
          marks.put(task.text(), operation);
          tx.update(ApiModel.VM, vm, v -> v.with(b -> b.currentOperations(Map.copyOf(marks))));
          return task;
        });
  }

  private void assertEnded(Ref<Vm> vm, Ref<Task> task, TaskStatusType status) {
    assertThat(lab.vm(vm).currentOperations()).isEmpty();
    assertThat(lab.state().get(ApiModel.TASK, task).status()).isEqualTo(status);
  }
}
