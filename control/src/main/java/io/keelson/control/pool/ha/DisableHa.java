package io.keelson.control.pool.ha;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pool;
import io.keelson.api.model.PoolAllowedOperations;
import io.keelson.api.model.PoolFields;
import io.keelson.api.model.Vdi;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.storage.RedoDisks;
import io.keelson.host.Progress;
import io.keelson.store.Row;
import io.keelson.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns HA off. What it wrote to is let go of afterwards. */
record DisableHa() implements Steps<DisableHa.Plan, List<Ref<Vdi>>> {

  /** The disks that are of no use then. */
  record Plan(Ref<Pool> pool, List<Ref<Vdi>> disks) {}

  /**
   * @throws io.keelson.api.ApiError HA_NOT_ENABLED, HA_DISABLE_IN_PROGRESS
   */
  @Override
  public Plan claim(Transaction tx, Claims claims) {
    Row<Pool> pool = OnlyPool.row(tx);
    HaRules.checkIdle(pool.record());
    if (!pool.record().haEnabled()) {
      throw ApiErrors.haNotEnabled();
    }
    claims.add(
        ApiModel.POOL, pool.ref(), PoolFields.CURRENT_OPERATIONS, PoolAllowedOperations.HA_DISABLE);
    List<Ref<Vdi>> disks = new ArrayList<>();
    pool.record().haStatefiles().forEach(vdi -> disks.add(Ref.of(vdi)));
    RedoDisks.ofHa(tx).ifPresent(disks::add);
    return new Plan(pool.ref(), disks);
  }

  @Override
  public List<Ref<Vdi>> act(Plan plan, Progress progress) {
    return plan.disks();
  }

  @Override
  public void settle(Transaction tx, Plan plan, List<Ref<Vdi>> disks) {
    tx.update(
        ApiModel.POOL,
        plan.pool(),
        p ->
            p.with(b ->
                b.haEnabled(false)
                    .haConfiguration(Map.of())
                    .haClusterStack("")
                    .haStatefiles(List.of())
                    .haPlanExistsFor(0L)
                    .haOvercommitted(false)));
    tx.rows(ApiModel.HOST)
        .map(Row::ref)
        .toList()
        .forEach(host ->
            tx.update(
                ApiModel.HOST,
                host,
                h -> h.with(b -> b.haStatefiles(List.of()).haNetworkPeers(List.of()))));
    disks.stream()
        .filter(vdi -> tx.find(ApiModel.VDI, vdi).isPresent())
        .forEach(vdi -> tx.touch(ApiModel.VDI, vdi));
  }
}
