package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Crashdump;
import io.keelson.api.model.CrashdumpFields;
import io.keelson.api.model.Host;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiType;
import io.keelson.api.model.Vm;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.rules.OnlyPool;
import io.keelson.host.Compute;
import io.keelson.host.DiskSource;
import io.keelson.host.Progress;
import io.keelson.host.Volume;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Writes the core of a VM that crashed to a new disk: the bytes of the disk are the ELF file.
 *
 * @param crash what crashed
 * @param progress adds what else can cancel the work
 */
public record DumpCore(
    StorageDrivers drivers, Compute compute, Crash crash, UnaryOperator<Progress> progress)
    implements Steps<DumpCore.Plan, MadeVdi> {
  /** The run that a dump is of, in its other_config: no run is dumped twice. */
  private static final String DOMID = "domid";

  private static final String CRASHED_AT = "crashed_at";

  /**
   * A crash of a VM.
   *
   * @param vmId the VM's uuid, by which the driver knows it
   * @param domid of the run that crashed
   */
  public record Crash(Ref<Vm> vm, UUID vmId, Ref<Host> host, UUID hostId, long domid, Instant at) {}

  /** Where the core goes. */
  public record Plan(SrAccess at, Ref<Vdi> vdi, UUID volume, long size) {}

  /** Whether this very crash is dumped already. */
  public static boolean done(Snapshot state, Crash crash) {
    return state.get(ApiModel.VM, crash.vm()).crashDumps().stream()
        .flatMap(dump -> state.find(ApiModel.CRASHDUMP, dump).stream())
        .anyMatch(dump -> Long.toString(crash.domid()).equals(dump.otherConfig().get(DOMID)));
  }

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    SrAccess at = repository(tx, crash.vm(), crash.host());
    SrRules.check(tx, at.ref(), StorageOperations.VDI_CREATE);
    claims.add(ApiModel.SR, at.ref(), SrFields.CURRENT_OPERATIONS, StorageOperations.VDI_CREATE);
    long memory = tx.get(ApiModel.VM, crash.vm()).memoryStaticMax();
    return new Plan(at, Ref.fresh(), claims.name(), memory);
  }

  /**
   * The host's repository for dumps, else the pool's; the first that the host reaches.
   *
   * @throws ApiError VM_NO_CRASHDUMP_SR
   */
  private static SrAccess repository(Snapshot state, Ref<Vm> vm, Ref<Host> host) {
    return Stream.of(
            state.get(ApiModel.HOST, host).crashDumpSr(),
            OnlyPool.row(state).record().crashDumpSr())
        .filter(sr -> state.find(ApiModel.SR, sr).isPresent())
        .map(sr -> SrAccess.from(state, sr, host))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow(() -> ApiErrors.vmNoCrashdumpSr(vm.text()));
  }

  @Override
  public MadeVdi act(Plan plan, Progress report) {
    SrAccess at = plan.at();
    Progress either = progress.apply(report);
    DiskSource core = compute.dumpCore(crash.hostId(), crash.vmId(), either);
    Volume volume =
        drivers.with(
            at,
            plan.size(),
            driver -> driver.copyVolume(at.host(), core, at.sr(), plan.volume(), either));
    return drivers.made(at, plan.vdi(), volume);
  }

  @Override
  public void settle(Transaction tx, Plan plan, MadeVdi made) {
    String name =
        tx.find(ApiModel.VM, crash.vm()).map(Vm::nameLabel).orElse(crash.vmId().toString());
    Vdi disk =
        VdiFields.API_CLASS
            .blank()
            .with(b ->
                b.uuid(plan.volume().toString())
                    .nameLabel("Core of " + name)
                    .nameDescription("Memory of " + name + " when it crashed, an ELF file")
                    .sr(plan.at().ref())
                    .type(VdiType.CRASHDUMP)
                    .managed(true));
    tx.create(ApiModel.VDI, plan.vdi(), Volumes.described(disk, made.volume()));
    SrSpace.changed(tx, plan.at().ref(), made.space(), made.volume().virtualSize());
    if (tx.find(ApiModel.VM, crash.vm()).isPresent()) {
      tx.create(ApiModel.CRASHDUMP, row(plan.vdi()));
    }
  }

  @Override
  public void revert(Plan plan, MadeVdi made) {
    drivers.destroy(plan.at(), plan.volume());
  }

  private Crashdump row(Ref<Vdi> vdi) {
    return CrashdumpFields.API_CLASS
        .blank()
        .with(b ->
            b.uuid(UUID.randomUUID().toString())
                .vm(crash.vm())
                .vdi(vdi)
                .otherConfig(
                    Map.of(
                        DOMID, Long.toString(crash.domid()), CRASHED_AT, crash.at().toString())));
  }
}
