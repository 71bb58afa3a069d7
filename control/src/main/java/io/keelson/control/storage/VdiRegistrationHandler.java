package io.keelson.control.storage;

import static io.keelson.control.rules.Refusals.raise;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VdiRegistration;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Sr;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiOperations;
import io.keelson.api.model.VdiType;
import io.keelson.host.Volume;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Records of disks that are on the storage already, and forgetting them. */
record VdiRegistrationHandler(StorageParts parts) implements VdiRegistration {

  @Override
  public void dbForget(Call call, Ref<Vdi> vdi) {
    forget(call, vdi);
  }

  @Override
  public Ref<Vdi> dbIntroduce(
      Call call,
      String uuid,
      String nameLabel,
      String nameDescription,
      Ref<Sr> sr,
      VdiType type,
      boolean sharable,
      boolean readOnly,
      Map<String, String> otherConfig,
      String location,
      Map<String, String> xenstoreData,
      Map<String, String> smConfig,
      boolean managed,
      long virtualSize,
      long physicalUtilisation,
      Ref<Pool> metadataOfPool,
      boolean isASnapshot,
      Instant snapshotTime,
      Ref<Vdi> snapshotOf) {
    UUID id = Uuids.parse("VDI", uuid);
    Vdi record =
        VdiFields.API_CLASS
            .blank()
            .with(b ->
                b.uuid(id.toString())
                    .nameLabel(nameLabel)
                    .nameDescription(nameDescription)
                    .sr(sr)
                    .type(type)
                    .sharable(sharable)
                    .readOnly(readOnly)
                    .otherConfig(otherConfig)
                    .location(location)
                    .xenstoreData(xenstoreData)
                    .smConfig(smConfig)
                    .managed(managed)
                    .virtualSize(virtualSize)
                    .physicalUtilisation(physicalUtilisation)
                    .metadataOfPool(metadataOfPool)
                    .isASnapshot(isASnapshot)
                    .snapshotTime(snapshotTime)
                    .snapshotOf(snapshotOf));
    return store().transact(tx -> add(tx, record));
  }

  private static Ref<Vdi> add(Transaction tx, Vdi record) {
    long size = SrSpace.size(record.virtualSize());
    Sr sr = tx.get(ApiModel.SR, record.sr());
    boolean known =
        sr.vdis().stream()
            .anyMatch(v -> tx.get(ApiModel.VDI, v).location().equals(record.location()));
    if (known) {
      throw ApiErrors.locationNotUnique(record.sr().text(), record.location());
    }
    Ref<Vdi> vdi = tx.create(ApiModel.VDI, record);
    tx.update(
        ApiModel.SR,
        record.sr(),
        s -> s.with(b -> b.virtualAllocation(s.virtualAllocation() + size)));
    return vdi;
  }

  @Override
  public void forget(Call call, Ref<Vdi> vdi) {
    parts
        .turns()
        .run(
            call,
            () ->
                store()
                    .change(tx -> {
                      VdiRules.check(tx, vdi, VdiOperations.FORGET);
                      Vdi gone = tx.get(ApiModel.VDI, vdi);
                      DestroyVdi.deleteRecord(tx, vdi);
                      tx.update(
                          ApiModel.SR,
                          gone.sr(),
                          s ->
                              s.with(b ->
                                  b.virtualAllocation(s.virtualAllocation() - gone.virtualSize())));
                    }));
  }

  @Override
  public Ref<Vdi> introduce(
      Call call,
      String uuid,
      String nameLabel,
      String nameDescription,
      Ref<Sr> sr,
      VdiType type,
      boolean sharable,
      boolean readOnly,
      Map<String, String> otherConfig,
      String location,
      Map<String, String> xenstoreData,
      Map<String, String> smConfig,
      boolean managed,
      long virtualSize,
      long physicalUtilisation,
      Ref<Pool> metadataOfPool,
      boolean isASnapshot,
      Instant snapshotTime,
      Ref<Vdi> snapshotOf) {
    var state = store().snapshot();
    SrRules.check(state, sr, StorageOperations.VDI_INTRODUCE);
    raise(SrRules.feature(state, sr, Optional.of("VDI_INTRODUCE")));
    SrAccess at = SrAccess.anywhere(state, sr);
    Volume found =
        parts.drivers().with(at, driver -> driver.scan(at.host(), at.sr())).stream()
            .filter(v -> v.location().equals(location) || v.vdi().toString().equals(uuid))
            .findFirst()
            .orElseThrow(() -> ApiErrors.vdiLocationMissing(sr.text(), location));
    return dbIntroduce(
        call,
        found.vdi().toString(),
        nameLabel,
        nameDescription,
        sr,
        type,
        sharable,
        readOnly || found.readOnly(),
        otherConfig,
        found.location(),
        xenstoreData,
        smConfig,
        managed,
        found.virtualSize(),
        found.used(),
        metadataOfPool,
        isASnapshot,
        snapshotTime,
        snapshotOf);
  }

  @Override
  public void update(Call call, Ref<Vdi> vdi) {
    UpdateVdi steps = new UpdateVdi(parts.drivers(), vdi);
    parts.run(call, steps);
  }

  private Store store() {
    return parts.resources().store();
  }
}
