package io.keelson.control.pool.ha;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PoolHa;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.api.model.PoolAllowedOperations;
import io.keelson.api.model.PoolFields;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.PartCall;
import io.keelson.control.operation.Steps;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.storage.LeaseDisks;
import io.keelson.control.storage.RedoDisks;
import io.keelson.host.DriverException;
import io.keelson.host.Progress;
import io.keelson.image.lease.Lease;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns HA on: makes the disks that it needs and tries them from every host. */
record EnableHa(
    Store store,
    LeaseDisks leases,
    RedoDisks logs,
    Call call,
    Set<Ref<Sr>> heartbeatSrs,
    Map<String, String> configuration)
    implements Steps<EnableHa.Plan, EnableHa.Made> {
  private static final Logger LOG = LoggerFactory.getLogger(EnableHa.class);

  /** What is to be done. */
  record Plan(Ref<Pool> pool, List<Ref<Sr>> srs) {}

  /** What was made. */
  record Made(List<Ref<Vdi>> statefiles, List<Ref<Vdi>> all) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    Row<Pool> pool = OnlyPool.row(tx);
    HaRules.checkEnable(tx, pool.record());
    HaSettings _ = HaSettings.of(configuration);
    List<Ref<Sr>> srs = HaRules.repositories(tx, heartbeatSrs);
    claims.add(
        ApiModel.POOL, pool.ref(), PoolFields.CURRENT_OPERATIONS, PoolAllowedOperations.HA_ENABLE);
    return new Plan(pool.ref(), srs);
  }

  @Override
  public Made act(Plan plan, Progress progress) {
    List<Ref<Vdi>> made = new ArrayList<>();
    try {
      List<Ref<Vdi>> statefiles = new ArrayList<>();
      for (Ref<Sr> sr : plan.srs()) {
        Ref<Vdi> statefile =
            LeaseDisks.left(store.snapshot(), sr).orElseGet(() -> leases.create(part(), sr));
        statefiles.add(statefile);
        made.add(statefile);
        progress.report(0.5 * statefiles.size() / plan.srs().size());
      }
      statefiles.forEach(this::tryFromEveryHost);
      if (RedoDisks.ofHa(store.snapshot()).isEmpty()) {
        made.add(logs.create(part(), plan.srs().getFirst(), plan.pool(), "Metadata for HA"));
      }
      return new Made(statefiles, made);
    } catch (RuntimeException failure) {
      discard(made);
      throw failure;
    }
  }

  private Call part() {
    return new PartCall(call, PoolHa.Specs.ENABLE_HA);
  }

  /**
   * Each host writes its lease, and sees those of all that did before.
   *
   * @throws ApiError HA_HOST_CANNOT_ACCESS_STATEFILE, HA_HOST_CANNOT_SEE_PEERS
   */
  private void tryFromEveryHost(Ref<Vdi> statefile) {
    Snapshot state = store.snapshot();
    Set<String> peers = new TreeSet<>();
    for (Row<Host> host : state.rows(ApiModel.HOST).toList()) {
      String uuid = host.record().uuid();
      peers.add(uuid);
      Set<String> seen = seen(state, statefile, host);
      if (!seen.containsAll(peers)) {
        throw ApiErrors.haHostCannotSeePeers(
            host.ref().text(), String.join(" ", peers), String.join(" ", seen));
      }
    }
  }

  private Set<String> seen(Snapshot state, Ref<Vdi> statefile, Row<Host> host) {
    try (LeaseDisks.Open disk = leases.open(state, statefile, host.ref())) {
      UUID uuid = UUID.fromString(host.record().uuid());
      disk.write(List.of(new Lease(uuid, Lease.NOBODY, 0)));
      return disk.read().stream()
          .map(lease -> lease.host().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (ApiError | DriverException | UncheckedIOException e) {
      LOG.warn("{} cannot use statefile {}", host.record().nameLabel(), statefile, e);
      throw ApiErrors.haHostCannotAccessStatefile();
    }
  }

  @Override
  public void settle(Transaction tx, Plan plan, Made made) {
    List<String> statefiles = made.statefiles().stream().map(Ref::text).toList();
    tx.update(
        ApiModel.POOL,
        plan.pool(),
        p ->
            p.with(b ->
                b.haEnabled(true)
                    .haConfiguration(configuration)
                    .haClusterStack("keelson")
                    .haStatefiles(statefiles)));
    List<String> hosts = tx.rows(ApiModel.HOST).map(row -> row.ref().text()).sorted().toList();
    for (String host : hosts) {
      tx.update(
          ApiModel.HOST,
          Ref.of(host),
          h -> h.with(b -> b.haStatefiles(statefiles).haNetworkPeers(hosts)));
    }
    for (Row<Vm> vm : tx.rows(ApiModel.VM).toList()) {
      boolean runs = ProtectedVms.isToRun(vm.record());
      if (vm.record().haAlwaysRun() != runs) {
        tx.update(ApiModel.VM, vm.ref(), v -> v.with(b -> b.haAlwaysRun(runs)));
      }
    }
    made.all().forEach(vdi -> tx.touch(ApiModel.VDI, vdi));
    PlanKeeping.begin(tx, plan.pool());
  }

  @Override
  public void revert(Plan plan, Made made) {
    discard(made.all());
  }

  private void discard(List<Ref<Vdi>> disks) {
    for (Ref<Vdi> disk : disks) {
      try {
        leases.destroy(part(), disk);
      } catch (ApiError left) {
        LOG.warn("{} is left for another time: {}", disk, left.getMessage());
      }
    }
  }
}
