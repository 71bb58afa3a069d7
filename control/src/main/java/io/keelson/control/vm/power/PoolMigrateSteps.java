package io.keelson.control.vm.power;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.pool.ha.HaGuard;
import io.keelson.control.vm.domain.Watch;
import io.keelson.control.vm.placement.ProcessorFit.Wish;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.host.Domain;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.Map;

/** Moves a running VM to a host; its disks stay where they are. */
record PoolMigrateSteps(PowerParts parts, Ref<Vm> ref, Ref<Host> host, Wish wish, Watch watch)
    implements Steps<DomainMove.Plan, Domain> {

  private DomainMove move() {
    return new DomainMove(parts, ref, Map.of());
  }

  @Override
  public DomainMove.Plan claim(Transaction tx, Claims claims) {
    VmRules.check(tx, ref, VmOperations.POOL_MIGRATE);
    MigrationRules.check(tx, ref, host, wish);
    HaGuard.keepPlan(tx, ref, host);
    claims.add(ApiModel.VM, ref, VmFields.CURRENT_OPERATIONS, VmOperations.POOL_MIGRATE);
    return move().claim(tx, claims, host);
  }

  @Override
  public Domain act(DomainMove.Plan plan, Progress progress) {
    return move().act(plan, watch.progress(progress));
  }

  @Override
  public void settle(Transaction tx, DomainMove.Plan plan, Domain domain) {
    move().settle(tx, plan, domain);
  }

  @Override
  public void undo(Transaction tx, DomainMove.Plan plan, ApiError error) {
    DomainMove.undo(tx, ref);
  }
}
