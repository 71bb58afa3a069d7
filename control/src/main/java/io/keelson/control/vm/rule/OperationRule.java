package io.keelson.control.vm.rule;

import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import java.util.EnumSet;
import java.util.Set;

/**
 * When an operation is permitted: one row of {@link OperationTable}.
 *
 * @param states power states of a VM that permit it
 * @param onTemplate whether a template permits it
 * @param onSnapshot whether a snapshot permits it
 * @param beside operations that may be under way meanwhile
 * @param listed whether allowed_operations shows it
 */
record OperationRule(
    Set<VmPowerState> states,
    boolean onTemplate,
    boolean onSnapshot,
    Set<VmOperations> beside,
    boolean listed) {

  /** Permitted in these states, to VMs alone, while nothing else is under way. */
  static OperationRule in(VmPowerState... states) {
    Set<VmPowerState> set = EnumSet.noneOf(VmPowerState.class);
    set.addAll(Set.of(states));
    return new OperationRule(set, false, false, EnumSet.noneOf(VmOperations.class), true);
  }

  OperationRule template() {
    return new OperationRule(states, true, onSnapshot, beside, listed);
  }

  OperationRule snapshot() {
    return new OperationRule(states, onTemplate, true, beside, listed);
  }

  OperationRule with(VmOperations... others) {
    EnumSet<VmOperations> set = EnumSet.noneOf(VmOperations.class);
    set.addAll(Set.of(others));
    return new OperationRule(states, onTemplate, onSnapshot, set, listed);
  }

  OperationRule withAllBut(VmOperations... others) {
    EnumSet<VmOperations> set = EnumSet.allOf(VmOperations.class);
    set.removeAll(Set.of(others));
    return new OperationRule(states, onTemplate, onSnapshot, set, listed);
  }

  OperationRule hidden() {
    return new OperationRule(states, onTemplate, onSnapshot, beside, false);
  }
}
