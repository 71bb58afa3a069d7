package io.keelson.control.vm.rule;

import static io.keelson.api.model.VmPowerState.HALTED;
import static io.keelson.api.model.VmPowerState.PAUSED;
import static io.keelson.api.model.VmPowerState.RUNNING;
import static io.keelson.api.model.VmPowerState.SUSPENDED;
import static io.keelson.control.vm.rule.OperationRule.in;

import io.keelson.api.model.VmOperations;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Every operation on a VM with the circumstances that permit it. */
final class OperationTable {
  private static final Map<VmOperations, OperationRule> RULES = rules();

  /** Operations that a new one may join while the VM is on its way to another host. */
  private static final Set<VmOperations> DURING_MIGRATION =
      EnumSet.of(
          VmOperations.METADATA_EXPORT, VmOperations.CLEAN_SHUTDOWN, VmOperations.CLEAN_REBOOT);

  private OperationTable() {}

  private static Map<VmOperations, OperationRule> rules() {
    Map<VmOperations, OperationRule> rows = new EnumMap<>(VmOperations.class);
    rows.put(VmOperations.START, in(HALTED));
    rows.put(VmOperations.START_ON, in(HALTED));
    rows.put(VmOperations.PROVISION, in(HALTED).template());
    rows.put(VmOperations.MAKE_INTO_TEMPLATE, in(HALTED));
    rows.put(VmOperations.CHANGING_SHADOW_MEMORY, in(HALTED).template());
    rows.put(VmOperations.CHANGING_VCPUS, in(HALTED).template().hidden());
    rows.put(VmOperations.CHANGING_STATIC_RANGE, in(HALTED).template());
    rows.put(VmOperations.CHANGING_MEMORY_LIMITS, in(HALTED).template().hidden());
    rows.put(VmOperations.CHANGING_DYNAMIC_RANGE, in(HALTED, RUNNING).template());

    rows.put(VmOperations.PAUSE, in(RUNNING));
    rows.put(VmOperations.UNPAUSE, in(PAUSED));
    rows.put(VmOperations.SUSPEND, in(RUNNING));
    rows.put(VmOperations.RESUME, in(SUSPENDED));
    rows.put(VmOperations.RESUME_ON, in(SUSPENDED));
    rows.put(VmOperations.CSVM, in(SUSPENDED).hidden());

    // A guest that does not react must not be able to keep its owner from the power switch: what
    // is under way is told to stop first.
    rows.put(VmOperations.CLEAN_SHUTDOWN, in(RUNNING));
    rows.put(VmOperations.CLEAN_REBOOT, in(RUNNING));
    rows.put(
        VmOperations.HARD_SHUTDOWN,
        in(PAUSED, RUNNING, SUSPENDED).snapshot().withAllBut(VmOperations.HARD_SHUTDOWN));
    rows.put(
        VmOperations.HARD_REBOOT,
        in(PAUSED, RUNNING).withAllBut(VmOperations.HARD_REBOOT, VmOperations.HARD_SHUTDOWN));
    rows.put(VmOperations.SHUTDOWN, in(PAUSED, RUNNING, SUSPENDED).hidden());
    rows.put(VmOperations.POWER_STATE_RESET, always().template().snapshot().withAllBut().hidden());

    rows.put(
        VmOperations.CLONE,
        in(HALTED)
            .template()
            .snapshot()
            .with(VmOperations.CLONE, VmOperations.COPY, VmOperations.EXPORT));
    rows.put(
        VmOperations.COPY,
        in(HALTED)
            .template()
            .snapshot()
            .with(VmOperations.CLONE, VmOperations.COPY, VmOperations.EXPORT));
    rows.put(
        VmOperations.EXPORT,
        in(HALTED, SUSPENDED)
            .template()
            .snapshot()
            .with(VmOperations.CLONE, VmOperations.COPY, VmOperations.EXPORT));
    rows.put(VmOperations.METADATA_EXPORT, always().template().snapshot());
    rows.put(VmOperations.CREATE_TEMPLATE, in(HALTED, SUSPENDED).hidden());
    rows.put(VmOperations.DESTROY, in(HALTED, SUSPENDED).template().snapshot());
    rows.put(VmOperations.IMPORT, in().hidden());

    rows.put(VmOperations.SNAPSHOT, always().with(VmOperations.SNAPSHOT, VmOperations.CHECKPOINT));
    rows.put(
        VmOperations.CHECKPOINT,
        in(PAUSED, RUNNING, SUSPENDED).with(VmOperations.SNAPSHOT, VmOperations.CHECKPOINT));
    rows.put(VmOperations.SNAPSHOT_WITH_QUIESCE, in(RUNNING));
    rows.put(VmOperations.REVERT, always().snapshot());
    rows.put(VmOperations.REVERTING, always().hidden());

    rows.put(VmOperations.POOL_MIGRATE, in(RUNNING));
    rows.put(VmOperations.MIGRATE_SEND, in(HALTED, SUSPENDED, RUNNING));

    rows.put(VmOperations.CHANGING_MEMORY_LIVE, in(RUNNING).hidden());
    rows.put(VmOperations.AWAITING_MEMORY_LIVE, in(RUNNING).hidden());
    rows.put(VmOperations.CHANGING_SHADOW_MEMORY_LIVE, in(RUNNING).hidden());
    rows.put(VmOperations.CHANGING_VCPUS_LIVE, in(RUNNING));

    rows.put(VmOperations.GET_BOOT_RECORD, in(PAUSED, RUNNING, SUSPENDED).withAllBut().hidden());
    rows.put(VmOperations.DATA_SOURCE_OP, in(RUNNING).hidden());
    rows.put(VmOperations.SEND_SYSRQ, in(RUNNING).hidden());
    rows.put(VmOperations.SEND_TRIGGER, in(RUNNING).hidden());
    rows.put(VmOperations.CALL_PLUGIN, in(RUNNING).hidden());
    rows.put(VmOperations.QUERY_SERVICES, always().hidden());
    rows.put(
        VmOperations.ASSERT_OPERATION_VALID, always().template().snapshot().withAllBut().hidden());
    rows.put(
        VmOperations.UPDATE_ALLOWED_OPERATIONS,
        always().template().snapshot().withAllBut().hidden());
    return Collections.unmodifiableMap(rows);
  }

  static OperationRule of(VmOperations operation) {
    OperationRule rule = RULES.get(operation);
    if (rule == null) {
      throw new IllegalStateException("no rule for " + operation);
    }
    return rule;
  }

  private static OperationRule always() {
    return in(HALTED, PAUSED, RUNNING, SUSPENDED);
  }

  /** Whether an operation may begin while another is under way. */
  static boolean together(VmOperations next, VmOperations underWay) {
    return of(next).beside().contains(underWay)
        || underWay == VmOperations.GET_BOOT_RECORD
        || (underWay == VmOperations.MIGRATE_SEND && DURING_MIGRATION.contains(next));
  }
}
