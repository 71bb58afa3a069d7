package io.keelson.control.vm.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.OnBoot;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.VmLab;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole table of operations, written down a second time as a reader of the API knows it. */
final class VmRulesTest {
  /**
   * Operation, power states that permit it (Halted, Paused, Running, Suspended), t where a template
   * permits it, s where a snapshot does, and - where allowed_operations does not show it.
   */
  private static final String TABLE =
      """
      snapshot                    HPRS
      clone                       H     ts
      copy                        H     ts
      create_template             H__S  -
      revert                      HPRS  s
      checkpoint                  _PRS
      snapshot_with_quiesce       __R_
      provision                   H     t
      start                       H
      start_on                    H
      pause                       __R_
      unpause                     _P__
      clean_shutdown              __R_
      clean_reboot                __R_
      hard_shutdown               _PRS  s
      power_state_reset           HPRS  ts-
      hard_reboot                 _PR_
      suspend                     __R_
      csvm                        ___S  -
      resume                      ___S
      resume_on                   ___S
      pool_migrate                __R_
      migrate_send                H_RS
      get_boot_record             _PRS  -
      send_sysrq                  __R_  -
      send_trigger                __R_  -
      query_services              HPRS  -
      shutdown                    _PRS  -
      call_plugin                 __R_  -
      changing_memory_live        __R_  -
      awaiting_memory_live        __R_  -
      changing_dynamic_range      H_R_  t
      changing_static_range       H     t
      changing_memory_limits      H     t-
      changing_shadow_memory      H     t
      changing_shadow_memory_live __R_  -
      changing_VCPUs              H     t-
      changing_VCPUs_live         __R_
      assert_operation_valid      HPRS  ts-
      data_source_op              __R_  -
      update_allowed_operations   HPRS  ts-
      make_into_template          H
      import                      ____  -
      export                      H__S  ts
      metadata_export             HPRS  ts
      reverting                   HPRS  -
      destroy                     H__S  ts
      """;

  @TempDir private static Path folder;
  private static VmLab lab;

  private record Line(Set<VmPowerState> states, String marks) {}

  @BeforeAll
  static void open() {
    lab = VmLab.open(folder, Simulation.open(SimulationPlan.of(1)).drivers(), 1);
  }

  @AfterAll
  static void close() {
    lab.close();
  }

  @Test
  void everyOperationIsPermittedInItsStatesAndNoOther() {
    Map<VmOperations, Line> table = table();
    assertThat(table).hasSize(VmOperations.values().length);
    for (VmPowerState state : VmPowerState.values()) {
      Ref<Vm> vm = lab.make(b -> b.powerState(state));
      table.forEach((operation, line) -> {
        List<String> error = error(vm, operation);
        if (!line.states().contains(state)) {
          assertThat(error)
              .as("%s when %s", operation, state)
              .first()
              .isEqualTo("VM_BAD_POWER_STATE");
        } else if (operation == VmOperations.PROVISION) {
          assertThat(error).containsExactly("ONLY_PROVISION_TEMPLATE");
        } else if (operation == VmOperations.REVERT) {
          assertThat(error).containsExactly("ONLY_REVERT_SNAPSHOT");
        } else if (operation == VmOperations.QUERY_SERVICES) {
          assertThat(error).containsExactly("NOT_SYSTEM_DOMAIN", vm.text());
        } else if (operation == VmOperations.SNAPSHOT_WITH_QUIESCE) {
          assertThat(error).first().isEqualTo("VM_SNAPSHOT_WITH_QUIESCE_NOT_SUPPORTED");
        } else {
          assertThat(error).as("%s when %s", operation, state).isEmpty();
        }
        assertThat(lab.vm(vm).allowedOperations().contains(operation))
            .as("%s shown when %s", operation, state)
            .isEqualTo(error.isEmpty() && !line.marks().contains("-"));
      });
    }
  }

  @Test
  void templatesAndSnapshotsPermitWhatTheirColumnsSay() {
    Ref<Vm> template = lab.make(b -> b.isATemplate(true));
    Ref<Vm> snapshot = lab.make(b -> b.isATemplate(true).isASnapshot(true));
    table()
        .forEach((operation, line) -> {
          if (!line.states().contains(VmPowerState.HALTED)) {
            return;
          }
          check(template, operation, line.marks().contains("t"), "VM_IS_TEMPLATE");
          if (operation != VmOperations.REVERT) {
            check(snapshot, operation, line.marks().contains("s"), "VM_IS_SNAPSHOT");
          }
        });
    assertThat(error(snapshot, VmOperations.REVERT)).isEmpty();
    assertThat(error(template, VmOperations.START))
        .containsExactly("VM_IS_TEMPLATE", template.text(), "start");
  }

  @Test
  void aDefaultTemplateCannotBeDestroyed() {
    Ref<Vm> ours =
        lab.make(b -> b.isATemplate(true).otherConfig(Map.of("default_template", "true")));
    assertThat(lab.error("destroy", ours))
        .containsExactly("VM_CANNOT_DELETE_DEFAULT_TEMPLATE", ours.text());
  }

  @Test
  void aVmBecomesATemplateWhenNothingIsInTheWay() {
    Ref<Vm> halted = lab.make();
    VmRules.checkTemplate(lab.state(), halted, true);
    Ref<Vm> running = lab.make(b -> b.powerState(VmPowerState.RUNNING));
    assertThatThrownBy(() -> VmRules.checkTemplate(lab.state(), running, true))
        .hasMessageContaining("VM_BAD_POWER_STATE");
    Ref<Vm> ours =
        lab.make(b -> b.isATemplate(true).otherConfig(Map.of("default_template", "true")));
    assertThatThrownBy(() -> VmRules.checkTemplate(lab.state(), ours, false))
        .hasMessageContaining("OPERATION_NOT_ALLOWED");
    Ref<Vm> mine = lab.make(b -> b.isATemplate(true));
    VmRules.checkTemplate(lab.state(), mine, false);
  }

  @Test
  void theControlDomainIsLeftAlone() {
    Ref<Vm> dom0 = lab.make(b -> b.isControlDomain(true).powerState(VmPowerState.RUNNING));
    assertThat(error(dom0, VmOperations.PAUSE)).first().isEqualTo("OPERATION_NOT_ALLOWED");
    assertThat(lab.vm(dom0).allowedOperations()).isEmpty();
    assertThat(lab.error("power_state_reset", dom0))
        .containsExactly("CANNOT_RESET_CONTROL_DOMAIN", dom0.text());
  }

  @Test
  void whatIsBlockedIsToldFirstThenThePowerStateThenWhatIsUnderWay() {
    Ref<Vm> vm =
        lab.make(b ->
            b.powerState(VmPowerState.RUNNING)
                .blockedOperations(Map.of(VmOperations.START, "why"))
                .currentOperations(Map.of("OpaqueRef:t", VmOperations.PAUSE)));
    assertThat(error(vm, VmOperations.START))
        .containsExactly("OPERATION_BLOCKED", vm.text(), "why");
    assertThat(error(vm, VmOperations.RESUME))
        .containsExactly("VM_BAD_POWER_STATE", vm.text(), "suspended", "running");
    assertThat(error(vm, VmOperations.DESTROY))
        .containsExactly("VM_BAD_POWER_STATE", vm.text(), "halted, suspended", "running");
    assertThat(error(vm, VmOperations.SUSPEND))
        .containsExactly("OTHER_OPERATION_IN_PROGRESS", "VM", vm.text(), "pause", "OpaqueRef:t");
    assertThat(error(vm, VmOperations.HARD_SHUTDOWN)).isEmpty();
    assertThat(error(vm, VmOperations.HARD_REBOOT)).isEmpty();
  }

  @Test
  void copiesGoTogetherAndPowerCutsComeOnce() {
    UnaryOperator<Vm.Builder> cloned =
        b -> b.currentOperations(Map.of("OpaqueRef:t", VmOperations.CLONE));
    Ref<Vm> source = lab.make(cloned);
    assertThat(error(source, VmOperations.CLONE)).isEmpty();
    assertThat(error(source, VmOperations.COPY)).isEmpty();
    assertThat(error(source, VmOperations.EXPORT)).isEmpty();
    assertThat(error(source, VmOperations.DESTROY))
        .first()
        .isEqualTo("OTHER_OPERATION_IN_PROGRESS");
    Ref<Vm> cut =
        lab.make(b ->
            b.powerState(VmPowerState.RUNNING)
                .currentOperations(Map.of("OpaqueRef:t", VmOperations.HARD_SHUTDOWN)));
    assertThat(error(cut, VmOperations.HARD_SHUTDOWN))
        .first()
        .isEqualTo("OTHER_OPERATION_IN_PROGRESS");
    assertThat(error(cut, VmOperations.HARD_REBOOT))
        .first()
        .isEqualTo("OTHER_OPERATION_IN_PROGRESS");
  }

  @Test
  void aDiskThatForgetsForbidsKeepingItsState() {
    Ref<Vm> vm = lab.make(b -> b.powerState(VmPowerState.RUNNING));
    var disk = lab.disk(vm, 0, VbdMode.RW);
    assertThat(lab.vm(vm).allowedOperations()).contains(VmOperations.SUSPEND);
    lab.store()
        .change(tx ->
            tx.update(
                ApiModel.VDI,
                tx.get(ApiModel.VBD, disk).vdi(),
                v -> v.with(b -> b.onBoot(OnBoot.RESET))));
    assertThat(error(vm, VmOperations.SUSPEND))
        .containsExactly("VDI_ON_BOOT_MODE_INCOMPATIBLE_WITH_OPERATION");
    assertThat(lab.vm(vm).allowedOperations()).doesNotContain(VmOperations.SUSPEND);
  }

  private static void check(Ref<Vm> vm, VmOperations operation, boolean fine, String code) {
    if (fine) {
      assertThat(error(vm, operation)).as(operation.text()).isEmpty();
    } else {
      assertThat(error(vm, operation)).as(operation.text()).first().isEqualTo(code);
    }
  }

  private static List<String> error(Ref<Vm> vm, VmOperations operation) {
    try {
      VmRules.check(lab.state(), vm, operation);
      return List.of();
    } catch (ApiError e) {
      return e.description();
    }
  }

  private static Map<VmOperations, Line> table() {
    Map<VmOperations, Line> table = new HashMap<>();
    TABLE
        .lines()
        .forEach(line -> {
          String[] words = line.strip().split("\\s+", -1);
          Set<VmPowerState> states = EnumSet.noneOf(VmPowerState.class);
          for (VmPowerState state : VmPowerState.values()) {
            if (words[1].contains(state.text().substring(0, 1))) {
              states.add(state);
            }
          }
          table.put(VmOperations.of(words[0]), new Line(states, words.length > 2 ? words[2] : ""));
        });
    return table;
  }
}
