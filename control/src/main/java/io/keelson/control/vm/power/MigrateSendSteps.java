package io.keelson.control.vm.power;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.network.VmNics;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.PartCall;
import io.keelson.control.operation.Steps;
import io.keelson.control.pool.ha.HaGuard;
import io.keelson.control.storage.DiskMoves;
import io.keelson.control.vm.domain.Watch;
import io.keelson.host.Domain;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a VM with its disks: one disk after the other, each as VDI.pool_migrate does, and then the
 * domain. When it fails half-way the VM is where it was, and so are its disks.
 */
record MigrateSendSteps(
    PowerParts parts, DiskMoves moves, Call call, Departure departure, Watch watch)
    implements Steps<MigrateSendSteps.Plan, MigrateSendSteps.Done> {
  private static final Logger LOG = LoggerFactory.getLogger(MigrateSendSteps.class);

  /**
   * @param disks that go elsewhere, with where to
   * @param takesDomain whether the VM's domain goes along
   */
  record Plan(Claims claims, List<Map.Entry<Ref<Vdi>, Ref<Sr>>> disks, boolean takesDomain) {}

  /** The domain's new run, if it was moved. */
  record Done(Optional<Arrival> arrival) {}

  record Arrival(DomainMove.Plan plan, Domain domain) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    MigrationRules.check(tx, departure.vm(), departure);
    Vm vm = tx.get(ApiModel.VM, departure.vm());
    if (departure.takesDomain(vm)) {
      HaGuard.keepPlan(tx, departure.vm(), departure.host());
    }
    claims.add(ApiModel.VM, departure.vm(), VmFields.CURRENT_OPERATIONS, VmOperations.MIGRATE_SEND);
    List<Map.Entry<Ref<Vdi>, Ref<Sr>>> disks =
        vm.vbds().stream()
            .map(vbd -> tx.get(ApiModel.VBD, vbd))
            .sorted(Comparator.comparing(Vbd::userdevice))
            .map(Vbd::vdi)
            .distinct()
            .flatMap(vdi ->
                Optional.ofNullable(departure.disks().get(vdi))
                    .filter(sr -> !tx.get(ApiModel.VDI, vdi).sr().equals(sr))
                    .map(sr -> Map.entry(vdi, sr))
                    .stream())
            .toList();
    return new Plan(claims, disks, departure.takesDomain(vm));
  }

  @Override
  public Done act(Plan plan, Progress progress) {
    Progress watched = watch.progress(progress);
    int all = plan.disks().size() + 1;
    List<DiskMoves.Move> moved = new ArrayList<>();
    try {
      for (Map.Entry<Ref<Vdi>, Ref<Sr>> disk : plan.disks()) {
        Call part = part(watched.part(moved.size(), all));
        moved.add(moves.move(part, disk.getKey(), disk.getValue()));
      }
      if (!plan.takesDomain()) {
        return new Done(Optional.empty());
      }
      DomainMove move = new DomainMove(parts, departure.vm(), departure.cards());
      DomainMove.Plan domain =
          parts.store().transact(tx -> move.claim(tx, plan.claims().in(tx), departure.host()));
      Domain run = move.act(domain, watched.part(moved.size(), all));
      return new Done(Optional.of(new Arrival(domain, run)));
    } catch (RuntimeException failure) {
      moved.reversed().forEach(this::moveBack);
      throw failure;
    }
  }

  /** Nobody can cancel what takes back; a disk that cannot go back works where it is. */
  private void moveBack(DiskMoves.Move move) {
    try {
      moves.moveBack(part(Progress.NONE), move);
    } catch (RuntimeException e) {
      LOG.warn("disk {} stays where it was moved to", move.now().text(), e);
    }
  }

  private Call part(Progress share) {
    return new PartCall(call, call.message(), share);
  }

  @Override
  public void settle(Transaction tx, Plan plan, Done done) {
    done.arrival()
        .ifPresentOrElse(
            a ->
                new DomainMove(parts, departure.vm(), departure.cards())
                    .settle(tx, a.plan(), a.domain()),
            () -> VmNics.moved(tx, departure.cards()));
  }

  @Override
  public void undo(Transaction tx, Plan plan, ApiError error) {
    DomainMove.undo(tx, departure.vm());
  }
}
