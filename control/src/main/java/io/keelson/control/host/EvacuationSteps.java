package io.keelson.control.host;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmMigration;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostAllowedOperations;
import io.keelson.api.model.HostFields;
import io.keelson.api.model.Vm;
import io.keelson.control.host.EvacuationPlan.Goes;
import io.keelson.control.host.EvacuationPlan.Stays;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.PartCall;
import io.keelson.control.operation.Steps;
import io.keelson.control.wlb.WorkloadBalancing;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Moves all VMs off a host, one after the other, or none when one of them cannot go. Cancelled or
 * failing half-way it leaves each VM where it is by then.
 *
 * @param advice what workload balancing says about them
 */
record EvacuationSteps(
    Store store,
    VmMigration migration,
    Call call,
    Ref<Host> host,
    Map<Ref<Vm>, List<String>> advice)
    implements Steps<Map<Ref<Vm>, Ref<Host>>, Boolean> {

  /**
   * @throws ApiError HOST_EVACUATE_IN_PROGRESS, or why the first VM that cannot go has to stay
   */
  @Override
  public Map<Ref<Vm>, Ref<Host>> claim(Transaction tx, Claims claims) {
    if (tx.get(ApiModel.HOST, host)
        .currentOperations()
        .containsValue(HostAllowedOperations.EVACUATE)) {
      throw ApiErrors.hostEvacuateInProgress(host.text());
    }
    Map<Ref<Vm>, Ref<Host>> moves = new LinkedHashMap<>();
    EvacuationPlan.of(tx, host, WorkloadBalancing.targets(tx, advice))
        .verdicts()
        .forEach((vm, verdict) -> {
          switch (verdict) {
            case Goes(Ref<Host> to) -> moves.put(vm, to);
            case Stays(ApiError why) -> throw why;
          }
        });
    claims.add(ApiModel.HOST, host, HostFields.CURRENT_OPERATIONS, HostAllowedOperations.EVACUATE);
    return moves;
  }

  /**
   * @throws ApiError HOST_HAS_RESIDENT_VMS when VMs have come to the host meanwhile, as they may to
   *     one that is not disabled; and what a move raises
   */
  @Override
  public Boolean act(Map<Ref<Vm>, Ref<Host>> moves, Progress progress) {
    int done = 0;
    for (Map.Entry<Ref<Vm>, Ref<Host>> move : moves.entrySet()) {
      if (progress.cancelled()) {
        throw new DriverException(Reason.CANCELLED, "the evacuation was cancelled");
      }
      move(move.getKey(), move.getValue(), progress.part(done++, moves.size()));
    }
    if (!EvacuationPlan.residents(store.snapshot(), host).isEmpty()) {
      throw ApiErrors.hostHasResidentVms(host.text());
    }
    return true;
  }

  /** A VM that has gone by itself need not be moved. */
  private void move(Ref<Vm> vm, Ref<Host> to, Progress progress) {
    boolean resident =
        store.snapshot().find(ApiModel.VM, vm).filter(v -> v.residentOn().equals(host)).isPresent();
    if (resident) {
      migration.poolMigrate(
          new PartCall(call, VmMigration.Specs.POOL_MIGRATE, progress), vm, to, Map.of());
    }
  }

  @Override
  public void settle(Transaction tx, Map<Ref<Vm>, Ref<Host>> moves, Boolean outcome) {}
}
