package io.keelson.control.vm.power;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;

/** Halts a running VM's processors where they are, or lets them run on. */
record TurnSteps(PowerParts parts, Ref<Vm> ref, boolean pause) implements Steps<Placed, Placed> {

  @Override
  public Placed claim(Transaction tx, Claims claims) {
    VmOperations operation = pause ? VmOperations.PAUSE : VmOperations.UNPAUSE;
    VmRules.check(tx, ref, operation);
    claims.add(ApiModel.VM, ref, VmFields.CURRENT_OPERATIONS, operation);
    return Placed.require(tx, ref);
  }

  @Override
  public Placed act(Placed placed, Progress progress) {
    if (pause) {
      parts.runs().compute().pause(placed.hostId(), placed.vmId());
    } else {
      parts.runs().compute().unpause(placed.hostId(), placed.vmId());
    }
    return placed;
  }

  @Override
  public void settle(Transaction tx, Placed placed, Placed same) {
    if (placed.isCurrent(tx)) {
      parts.states().turned(tx, ref, pause ? VmPowerState.PAUSED : VmPowerState.RUNNING);
    }
  }
}
