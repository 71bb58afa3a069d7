package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdFields;
import io.keelson.api.model.VbdOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Compute;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;

/** Takes a drive from a running VM. */
record UnplugVbd(Compute compute, Ref<Vbd> vbd, VbdOperations operation)
    implements Steps<UnplugVbd.Plan, UnplugVbd.Plan> {

  /** What is to be unplugged. */
  record Plan(RunningVm vm, int device) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VbdRules.check(tx, vbd, operation);
    Vbd record = tx.get(ApiModel.VBD, vbd);
    claims.add(ApiModel.VBD, vbd, VbdFields.CURRENT_OPERATIONS, operation);
    return new Plan(
        RunningVm.of(tx, record.vm()).orElseThrow(), Integer.parseInt(record.userdevice()));
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    try {
      compute.unplugDisk(plan.vm().host(), plan.vm().vm(), plan.device());
      return plan;
    } catch (DriverException failure) {
      if (failure.reason() == Reason.REJECTED_BY_GUEST) {
        throw ApiErrors.deviceDetachRejected(
            "VBD", vbd.text(), String.valueOf(failure.getMessage()));
      }
      throw failure;
    }
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan done) {
    tx.update(ApiModel.VBD, vbd, v -> v.with(b -> b.currentlyAttached(false)));
  }
}
