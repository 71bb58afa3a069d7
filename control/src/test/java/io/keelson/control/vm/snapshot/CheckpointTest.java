package io.keelson.control.vm.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Task;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiType;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmGuestMetrics;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.VmLab;
import io.keelson.host.Domain;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.store.Row;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots with memory, and snapshots of guests that hold still. */
final class CheckpointTest {
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

  private Ref<Vm> started() {
    Ref<Vm> vm = lab.make();
    lab.disk(vm, 0, VbdMode.RW);
    lab.card(vm, 0);
    lab.call("start", vm, false, false);
    return vm;
  }

  private Ref<Vm> taken(String message, Ref<Vm> vm, String name) {
    lab.call(message, vm, name);
    return snapshot(name);
  }

  private Ref<Vm> snapshot(String name) {
    return lab.state()
        .rows(ApiModel.VM)
        .filter(row -> row.record().nameLabel().equals(name))
        .map(Row::ref)
        .findFirst()
        .orElseThrow();
  }

  private List<Vdi> images() {
    return lab.state()
        .rows(ApiModel.VDI)
        .map(Row::record)
        .filter(vdi -> vdi.type() == VdiType.SUSPEND)
        .toList();
  }

  @Test
  void aCheckpointIsSuspendedAndItsVmGoesOn() {
    Ref<Vm> vm = started();
    long domid = lab.vm(vm).domid();
    Ref<Vm> checkpoint = taken("checkpoint", vm, "then");

    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
    assertThat(lab.vm(vm).domid()).isEqualTo(domid);
    assertThat(lab.vm(vm).currentOperations()).isEmpty();
    assertThat(lab.vm(vm).suspendVdi().isNull()).isTrue();
    Vm record = lab.vm(checkpoint);
    assertThat(record.isASnapshot()).isTrue();
    assertThat(record.powerState()).isEqualTo(VmPowerState.SUSPENDED);
    assertThat(record.snapshotInfo()).containsEntry("power-state-at-snapshot", "Running");
    Vdi image = lab.state().get(ApiModel.VDI, record.suspendVdi());
    assertThat(image.type()).isEqualTo(VdiType.SUSPEND);
    assertThat(image.currentOperations()).isEmpty();
    assertThat(record.allowedOperations())
        .contains(VmOperations.REVERT, VmOperations.CLONE, VmOperations.DESTROY)
        .doesNotContain(VmOperations.RESUME);

    lab.call("destroy", checkpoint);
    assertThat(images()).isEmpty();
  }

  @Test
  void pausedAndSuspendedVmsAreCheckpointedAndStayAsTheyAre() {
    Ref<Vm> paused = started();
    lab.call("pause", paused);
    Ref<Vm> one = taken("checkpoint", paused, "one");
    assertThat(lab.power(paused)).isEqualTo(VmPowerState.PAUSED);
    assertThat(lab.power(one)).isEqualTo(VmPowerState.SUSPENDED);

    Ref<Vm> suspended = started();
    lab.call("suspend", suspended);
    Ref<Vm> two = taken("checkpoint", suspended, "two");
    assertThat(lab.power(suspended)).isEqualTo(VmPowerState.SUSPENDED);
    assertThat(lab.vm(two).suspendVdi()).isNotEqualTo(lab.vm(suspended).suspendVdi());
    lab.call("resume", suspended, false, false);
    assertThat(images()).hasSize(2);

    Ref<Vm> halted = lab.make();
    assertThat(lab.error("checkpoint", halted, "none"))
        .containsExactly(
            "VM_BAD_POWER_STATE", halted.text(), "paused, running, suspended", "halted");
  }

  @Test
  void revertingToACheckpointSuspendsTheVmWithWhatItHad() {
    Ref<Vm> vm = started();
    Ref<Vm> checkpoint = taken("checkpoint", vm, "then");
    for (int time = 0; time < 2; time++) {
      lab.call("revert", checkpoint);
      assertThat(lab.power(vm)).isEqualTo(VmPowerState.SUSPENDED);
      assertThat(lab.vm(vm).suspendVdi()).isNotEqualTo(lab.vm(checkpoint).suspendVdi());
      assertThat(lab.vm(vm).currentOperations()).isEmpty();
    }
    assertThat(images()).hasSize(2);
    lab.call("resume", vm, false, false);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
    assertThat(images()).hasSize(1);
    assertThat(
            lab.vm(vm).vifs().stream()
                .map(vif -> lab.state().get(ApiModel.VIF, vif))
                .filter(Vif::currentlyAttached))
        .hasSize(1);
  }

  @Test
  void copiesOfACheckpointAreVmsThatResume() {
    Ref<Vm> vm = started();
    Ref<Vm> checkpoint = taken("checkpoint", vm, "then");
    for (String name : List.of("cloned", "copied")) {
      if (name.equals("cloned")) {
        lab.call("clone", checkpoint, name);
      } else {
        lab.call("copy", checkpoint, name, Ref.none());
      }
      Ref<Vm> made = snapshot(name);
      assertThat(lab.vm(made).isATemplate()).isTrue();
      lab.set(made, b -> b.isATemplate(false));
      assertThat(lab.power(made)).isEqualTo(VmPowerState.SUSPENDED);
      lab.call("resume", made, false, false);
      assertThat(lab.power(made)).isEqualTo(VmPowerState.RUNNING);
    }
    assertThat(images()).hasSize(1);
  }

  @Test
  void aGuestWithAnAgentHoldsStillForASnapshot() {
    Ref<Vm> vm = started();
    assertThat(lab.error("snapshot_with_quiesce", vm, "none"))
        .startsWith("VM_SNAPSHOT_WITH_QUIESCE_NOT_SUPPORTED", vm.text());
    agent(vm);
    Ref<Vm> snapshot = taken("snapshot_with_quiesce", vm, "quiet");
    assertThat(lab.vm(snapshot).snapshotInfo()).containsEntry("disk-snapshot-type", "quiesced");
    assertThat(lab.power(snapshot)).isEqualTo(VmPowerState.HALTED);

    // The agent has gone, and nobody has noticed yet.
    simulation.removeAgent(lab.hostId(lab.host()), lab.id(vm));
    assertThat(lab.error("snapshot_with_quiesce", vm, "none"))
        .startsWith("VM_SNAPSHOT_WITH_QUIESCE_NOT_SUPPORTED", vm.text());
    assertThat(lab.vm(vm).currentOperations()).isEmpty();
    assertThat(lab.vm(vm).snapshots()).containsExactly(snapshot);
  }

  private void agent(Ref<Vm> vm) {
    lab.store()
        .change(tx -> {
          var metrics =
              tx.create(
                  ApiModel.VM_GUEST_METRICS,
                  VmGuestMetrics.builder()
                      .uuid(VmLab.uuid())
                      .live(true)
                      .other(Map.of("feature-quiesce", "1"))
                      .build());
          tx.update(ApiModel.VM, vm, v -> v.with(b -> b.guestMetrics(metrics)));
        });
  }

  @Test
  void aServerThatEndsDuringACheckpointLeavesTheVmRunningAndNoImage() {
    Ref<Vm> vm = started();
    Ref<Task> task = Ref.fresh();
    String name = task.text() + "/memory/" + lab.vm(vm).uuid();
    UUID image = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    lab.store()
        .change(tx -> {
          tx.create(
              ApiModel.VDI,
              Vdi.builder().uuid(image.toString()).sr(lab.sr()).type(VdiType.SUSPEND).build());
          tx.update(
              ApiModel.VM,
              vm,
              v -> v.with(b -> b.currentOperations(Map.of(task.text(), VmOperations.CHECKPOINT))));
        });
    UUID host = lab.hostId(lab.host());
    simulation.drivers().compute().pause(host, lab.id(vm));
    lab.close();
    lab = VmLab.open(folder, simulation.drivers(), 1);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
    assertThat(simulation.drivers().compute().find(host, lab.id(vm)).orElseThrow().state())
        .isEqualTo(Domain.State.RUNNING);
    assertThat(lab.vm(vm).currentOperations()).isEmpty();
    assertThat(images()).isEmpty();
  }
}
