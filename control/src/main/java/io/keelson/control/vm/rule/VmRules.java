package io.keelson.control.vm.rule;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.OnBoot;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.store.Snapshot;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether an operation on a VM may begin. The checks come in the order in which their errors take
 * precedence; the first that fails decides.
 */
public final class VmRules {
  /** other_config key that marks the templates that came with the product. */
  public static final String DEFAULT_TEMPLATE = "default_template";

  /** More than any machine here gives a guest. */
  public static final long MOST_PROCESSORS = 4096;

  /** other_config key that marks the VMs that serve the pool itself. */
  private static final String SYSTEM_DOMAIN = "is_system_domain";

  /** What a disk that forgets its writes at each boot has no use for. */
  private static final Set<VmOperations> KEEPS_DISK_STATE =
      EnumSet.of(
          VmOperations.SNAPSHOT,
          VmOperations.SNAPSHOT_WITH_QUIESCE,
          VmOperations.CHECKPOINT,
          VmOperations.SUSPEND);

  /** What a VM cannot do that holds a device of its host. */
  private static final Set<VmOperations> LEAVES_HOST =
      EnumSet.of(
          VmOperations.SUSPEND,
          VmOperations.CHECKPOINT,
          VmOperations.POOL_MIGRATE,
          VmOperations.MIGRATE_SEND);

  private VmRules() {}

  /**
   * @throws ApiError of the first rule that the operation would break, HANDLE_INVALID for no VM
   */
  public static void check(Snapshot state, Ref<Vm> ref, VmOperations operation) {
    Optional<Refusal> refusal = refusal(state, ref, state.get(ApiModel.VM, ref), operation);
    if (refusal.isPresent()) {
      throw refusal.get().error();
    }
  }

  /**
   * Checks only that nothing is under way that the operation could disturb, for what the server
   * itself does as the consequence of something that has happened.
   *
   * @throws ApiError OTHER_OPERATION_IN_PROGRESS, HANDLE_INVALID
   */
  public static void checkUndisturbed(Snapshot state, Ref<Vm> ref, VmOperations operation) {
    Optional<Refusal> refusal = concurrency(ref, state.get(ApiModel.VM, ref), operation);
    if (refusal.isPresent()) {
      throw refusal.get().error();
    }
  }

  /**
   * Checks that a VM may become a template, or a template a VM.
   *
   * @throws ApiError as {@link #check} for make_into_template; VM_IS_SNAPSHOT;
   *     OPERATION_NOT_ALLOWED for a template that came with the product, which others are made from
   */
  public static void checkTemplate(Snapshot state, Ref<Vm> ref, boolean template) {
    Vm vm = state.get(ApiModel.VM, ref);
    if (vm.isASnapshot() && !template) {
      throw ApiErrors.vmIsSnapshot(ref.text(), VmOperations.MAKE_INTO_TEMPLATE.text());
    }
    if (template && !vm.isATemplate()) {
      check(state, ref, VmOperations.MAKE_INTO_TEMPLATE);
    }
    if (!template && vm.isATemplate() && isDefaultTemplate(vm)) {
      throw ApiErrors.operationNotAllowed("a default template stays one; clone it instead");
    }
  }

  /** What allowed_operations shows. */
  static Set<VmOperations> allowed(Snapshot state, Ref<Vm> ref, Vm vm) {
    EnumSet<VmOperations> allowed = EnumSet.noneOf(VmOperations.class);
    for (VmOperations operation : VmOperations.values()) {
      if (OperationTable.of(operation).listed() && refusal(state, ref, vm, operation).isEmpty()) {
        allowed.add(operation);
      }
    }
    return Collections.unmodifiableSet(allowed);
  }

  private static Optional<Refusal> refusal(
      Snapshot state, Ref<Vm> ref, Vm vm, VmOperations operation) {
    return blocked(ref, vm, operation)
        .or(() -> powerState(ref, vm, operation))
        .or(() -> concurrency(ref, vm, operation))
        .or(() -> template(ref, vm, operation))
        .or(() -> snapshot(ref, vm, operation))
        .or(() -> kind(vm, operation))
        .or(() -> agent(state, ref, vm, operation))
        .or(() -> devices(state, ref, vm, operation))
        .or(() -> membership(state, ref, vm, operation));
  }

  private static Optional<Refusal> blocked(Ref<Vm> ref, Vm vm, VmOperations operation) {
    return Optional.ofNullable(vm.blockedOperations().get(operation))
        .map(reason -> () -> ApiErrors.operationBlocked(ref.text(), reason));
  }

  private static Optional<Refusal> powerState(Ref<Vm> ref, Vm vm, VmOperations operation) {
    Set<VmPowerState> states = statesFor(vm, operation);
    return refuse(
        !states.contains(vm.powerState()),
        () ->
            ApiErrors.vmBadPowerState(
                ref.text(),
                states.stream().map(VmRules::lower).collect(Collectors.joining(", ")),
                lower(vm.powerState())));
  }

  /** A checkpoint is a snapshot with a memory image: it looks suspended, and is copied as such. */
  private static Set<VmPowerState> statesFor(Vm vm, VmOperations operation) {
    Set<VmPowerState> states = OperationTable.of(operation).states();
    if (vm.isASnapshot() && (operation == VmOperations.CLONE || operation == VmOperations.COPY)) {
      return EnumSet.of(VmPowerState.HALTED, VmPowerState.SUSPENDED);
    }
    return states;
  }

  private static Optional<Refusal> concurrency(Ref<Vm> ref, Vm vm, VmOperations operation) {
    for (Map.Entry<String, VmOperations> other : vm.currentOperations().entrySet()) {
      if (!OperationTable.together(operation, other.getValue())) {
        return Optional.of(() ->
            ApiErrors.otherOperationInProgress(
                ApiModel.VM.name(), ref.text(), other.getValue().text(), other.getKey()));
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> template(Ref<Vm> ref, Vm vm, VmOperations operation) {
    if (!vm.isATemplate() || vm.isASnapshot()) {
      return Optional.empty();
    }
    if (operation == VmOperations.DESTROY && isDefaultTemplate(vm)) {
      return Optional.of(() -> ApiErrors.vmCannotDeleteDefaultTemplate(ref.text()));
    }
    return refuse(
        !OperationTable.of(operation).onTemplate(),
        () -> ApiErrors.vmIsTemplate(ref.text(), operation.text()));
  }

  private static Optional<Refusal> snapshot(Ref<Vm> ref, Vm vm, VmOperations operation) {
    return refuse(
        vm.isASnapshot() && !OperationTable.of(operation).onSnapshot(),
        () -> ApiErrors.vmIsSnapshot(ref.text(), operation.text()));
  }

  private static Optional<Refusal> kind(Vm vm, VmOperations operation) {
    if (operation == VmOperations.PROVISION && !vm.isATemplate()) {
      return Optional.of(ApiErrors::onlyProvisionTemplate);
    }
    if (operation == VmOperations.REVERT && !vm.isASnapshot()) {
      return Optional.of(ApiErrors::onlyRevertSnapshot);
    }
    if (vm.isControlDomain()) {
      return Optional.of(
          () -> ApiErrors.operationNotAllowed("Operations on domain 0 are not allowed"));
    }
    return Optional.empty();
  }

  private static Optional<Refusal> agent(
      Snapshot state, Ref<Vm> ref, Vm vm, VmOperations operation) {
    return refuse(
        operation == VmOperations.SNAPSHOT_WITH_QUIESCE && !GuestFeatures.canQuiesce(state, vm),
        () ->
            ApiErrors.vmSnapshotWithQuiesceNotSupported(
                ref.text(), "the guest has no agent that can quiesce its disks"));
  }

  private static Optional<Refusal> devices(
      Snapshot state, Ref<Vm> ref, Vm vm, VmOperations operation) {
    if (KEEPS_DISK_STATE.contains(operation) && hasForgetfulDisk(state, vm)) {
      return Optional.of(ApiErrors::vdiOnBootModeIncompatibleWithOperation);
    }
    if (LEAVES_HOST.contains(operation) && !vm.attachedPcis().isEmpty()) {
      return Optional.of(() -> ApiErrors.vmHasPciAttached(ref.text()));
    }
    // One that does not run has given its virtual GPU back, and only its disks move.
    return refuse(
        LEAVES_HOST.contains(operation)
            && !vm.vgpus().isEmpty()
            && vm.powerState() != VmPowerState.HALTED,
        () -> ApiErrors.vmHasVgpu(ref.text()));
  }

  private static Optional<Refusal> membership(
      Snapshot state, Ref<Vm> ref, Vm vm, VmOperations operation) {
    if (operation == VmOperations.QUERY_SERVICES && !isSystemDomain(vm)) {
      return Optional.of(() -> ApiErrors.notSystemDomain(ref.text()));
    }
    if (operation != VmOperations.MAKE_INTO_TEMPLATE) {
      return Optional.empty();
    }
    if (state.find(ApiModel.VM_APPLIANCE, vm.appliance()).isPresent()) {
      return Optional.of(() -> ApiErrors.vmIsPartOfAnAppliance(ref.text(), vm.appliance().text()));
    }
    return refuse(
        state.find(ApiModel.VMPP, vm.protectionPolicy()).isPresent(),
        () -> ApiErrors.vmAssignedToProtectionPolicy(ref.text(), vm.protectionPolicy().text()));
  }

  private static boolean hasForgetfulDisk(Snapshot state, Vm vm) {
    return vm.vbds().stream()
        .flatMap(vbd -> state.find(ApiModel.VBD, vbd).stream())
        .flatMap(vbd -> state.find(ApiModel.VDI, vbd.vdi()).stream())
        .anyMatch(vdi -> vdi.onBoot() == OnBoot.RESET);
  }

  /** Whether it serves the pool itself, as a driver of storage or networks. */
  private static boolean isSystemDomain(Vm vm) {
    return "true".equals(vm.otherConfig().get(SYSTEM_DOMAIN));
  }

  /** Whether it is one of the templates that came with the product. */
  public static boolean isDefaultTemplate(Vm vm) {
    return "true".equals(vm.otherConfig().get(DEFAULT_TEMPLATE));
  }

  private static Optional<Refusal> refuse(boolean broken, Refusal refusal) {
    return broken ? Optional.of(refusal) : Optional.empty();
  }

  private static String lower(VmPowerState state) {
    return state.text().toLowerCase(Locale.ROOT);
  }
}
