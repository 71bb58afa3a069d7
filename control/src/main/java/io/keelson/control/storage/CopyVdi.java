package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiOperations;
import io.keelson.control.operation.Claims;
import io.keelson.host.DiskSource;
import io.keelson.host.Progress;
import io.keelson.host.Volume;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.Map;
import java.util.UUID;

/**
 * Writes all that a disk holds into a new disk of any repository, sharing nothing.
 *
 * @param base a disk that must be there, or null
 */
public record CopyVdi(StorageDrivers drivers, Ref<Vdi> source, Ref<Sr> target, Ref<Vdi> base)
    implements VdiWork<CopyVdi.Plan> {

  public CopyVdi(StorageDrivers drivers, Ref<Vdi> source, Ref<Sr> target) {
    this(drivers, source, target, Ref.none());
  }

  /** What is to be copied; both ends are reached from one host. */
  public record Plan(
      SrAccess from, UUID volume, SrAccess to, Ref<Vdi> copy, UUID copyVolume, long size) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VdiRules.check(tx, source, VdiOperations.COPY);
    checkBase(tx, base);
    Vdi record = tx.get(ApiModel.VDI, source);
    SrRules.check(tx, target, StorageOperations.VDI_CREATE);
    claims.add(ApiModel.VDI, source, VdiFields.CURRENT_OPERATIONS, VdiOperations.COPY);
    claims.add(ApiModel.SR, target, SrFields.CURRENT_OPERATIONS, StorageOperations.VDI_CREATE);
    SrAccess from = reach(tx, record.sr(), target);
    SrAccess to = across(tx, from, target);
    return new Plan(
        from,
        Volumes.id(record),
        to,
        Ref.fresh(),
        ForkVdi.copyVolume(claims.task().text(), record),
        record.virtualSize());
  }

  /**
   * @throws io.keelson.api.ApiError HANDLE_INVALID
   */
  static void checkBase(Snapshot state, Ref<Vdi> base) {
    if (!base.isNull() && state.find(ApiModel.VDI, base).isEmpty()) {
      throw ApiErrors.handleInvalid("VDI", base.text());
    }
  }

  /** The source's repository from a host that has the target's too. */
  static SrAccess reach(Snapshot state, Ref<Sr> from, Ref<Sr> to) {
    SrAccess preferred = SrAccess.anywhere(state, to);
    return SrAccess.hosts(state, from).stream()
        .filter(SrAccess.hosts(state, to)::contains)
        .map(host -> SrAccess.at(state, from, host))
        .sorted((a, b) -> rank(a, preferred) - rank(b, preferred))
        .findFirst()
        .orElseThrow(() -> ApiErrors.srNoPbds(from.text()));
  }

  /** The repository from the same host as another. */
  static SrAccess across(Snapshot state, SrAccess from, Ref<Sr> to) {
    Sr sr = state.get(ApiModel.SR, to);
    return new SrAccess(to, UUID.fromString(sr.uuid()), from.host(), sr.type());
  }

  private static int rank(SrAccess access, SrAccess preferred) {
    return access.host().equals(preferred.host()) ? 0 : 1;
  }

  @Override
  public MadeVdi act(Plan plan, Progress progress) {
    SrAccess from = plan.from();
    SrAccess to = plan.to();
    DiskSource source =
        drivers.with(from, driver -> driver.open(from.host(), from.sr(), plan.volume(), true));
    Volume volume =
        drivers.with(
            to,
            plan.size(),
            driver -> driver.copyVolume(to.host(), source, to.sr(), plan.copyVolume(), progress));
    return drivers.made(to, plan.copy(), volume);
  }

  @Override
  public void settle(Transaction tx, Plan plan, MadeVdi made) {
    Vdi original = tx.get(ApiModel.VDI, source);
    Vdi copy =
        VdiFields.API_CLASS
            .blank()
            .with(b ->
                b.uuid(plan.copyVolume().toString())
                    .nameLabel(original.nameLabel())
                    .nameDescription(original.nameDescription())
                    .sr(target)
                    .type(original.type())
                    .sharable(original.sharable())
                    .readOnly(false)
                    .otherConfig(original.otherConfig())
                    .xenstoreData(original.xenstoreData())
                    .smConfig(Map.of())
                    .tags(original.tags())
                    .managed(true));
    tx.create(ApiModel.VDI, plan.copy(), Volumes.described(copy, made.volume()));
    SrSpace.changed(tx, target, made.space(), made.volume().virtualSize());
  }

  @Override
  public void revert(Plan plan, MadeVdi made) {
    drivers.destroy(plan.to(), plan.copyVolume());
  }
}
