package io.keelson.control.vm.power;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.host.Compute;
import io.keelson.host.Progress;
import io.keelson.host.Trigger;
import io.keelson.store.Transaction;

/**
 * Sends a running machine a signal.
 *
 * @param word which, as the caller says it
 */
record SignalSteps(
    PowerParts parts, Ref<Vm> ref, VmOperations operation, Reading reading, String word)
    implements Steps<SignalSteps.Plan, SignalSteps.Plan> {

  static SignalSteps trigger(PowerParts parts, Ref<Vm> ref, String trigger) {
    return new SignalSteps(
        parts, ref, VmOperations.SEND_TRIGGER, SignalSteps::readTrigger, trigger);
  }

  static SignalSteps sysrq(PowerParts parts, Ref<Vm> ref, String key) {
    return new SignalSteps(parts, ref, VmOperations.SEND_SYSRQ, SignalSteps::readKey, key);
  }

  /** How a caller's word is read; INVALID_VALUE when it means nothing. */
  interface Reading {
    Signal read(String word);
  }

  /** What is done to the machine. */
  interface Signal {
    void send(Compute compute, Placed placed);
  }

  /** Which machine, and what is done to it. */
  record Plan(Placed placed, Signal signal) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VmRules.check(tx, ref, operation);
    Signal signal = reading.read(word);
    claims.add(ApiModel.VM, ref, VmFields.CURRENT_OPERATIONS, operation);
    return new Plan(Placed.require(tx, ref), signal);
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    plan.signal().send(parts.runs().compute(), plan.placed());
    return plan;
  }

  /** Nothing is different; what the guest makes of it shows by itself. */
  @Override
  public void settle(Transaction tx, Plan plan, Plan same) {}

  private static Signal readTrigger(String word) {
    Trigger trigger =
        switch (word) {
          case "nmi" -> Trigger.NMI;
          case "power" -> Trigger.POWER;
          case "sleep" -> Trigger.SLEEP;
          case "reset" -> Trigger.RESET;
          default -> throw ApiErrors.invalidValue("trigger", word);
        };
    return (compute, placed) -> compute.trigger(placed.hostId(), placed.vmId(), trigger);
  }

  private static Signal readKey(String word) {
    if (!word.matches("[a-z0-9]")) {
      throw ApiErrors.invalidValue("key", word);
    }
    return (compute, placed) -> compute.pressSysrq(placed.hostId(), placed.vmId(), word.charAt(0));
  }
}
