package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.Type;
import io.keelson.api.messages.SrLifecycle;
import io.keelson.api.model.Host;
import io.keelson.api.model.Sm;
import io.keelson.api.model.Sr;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.StorageOperations;
import io.keelson.control.rules.HostId;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The life of repositories. */
record SrLifecycleHandler(StorageParts parts) implements SrLifecycle {
  private static final Type<Ref<Sr>> SR = new Type.Reference<>("SR");

  @Override
  public Ref<Sr> create(
      Call call,
      Ref<Host> host,
      Map<String, String> deviceConfig,
      long physicalSize,
      String nameLabel,
      String nameDescription,
      String type,
      String contentType,
      boolean shared,
      Map<String, String> smConfig) {
    Sr wanted = record(nameLabel, nameDescription, type, contentType, shared, smConfig);
    CreateSr steps = new CreateSr(parts.drivers(), host, deviceConfig, physicalSize, wanted);
    return parts.resources().operations().run(call, SR, steps, CreateSr.Made::sr);
  }

  @Override
  public void destroy(Call call, Ref<Sr> sr) {
    DestroySr steps = new DestroySr(parts.drivers(), sr);
    parts.run(call, steps);
  }

  @Override
  public void forget(Call call, Ref<Sr> sr) {
    parts
        .turns()
        .run(
            call,
            () ->
                store()
                    .change(tx -> {
                      SrRules.check(tx, sr, StorageOperations.FORGET);
                      SrRecords.delete(tx, sr);
                    }));
  }

  @Override
  public List<String> getSupportedTypes(Call call) {
    return store().snapshot().rows(ApiModel.SM).map(Row::record).map(Sm::type).sorted().toList();
  }

  @Override
  public Ref<Sr> introduce(
      Call call,
      String uuid,
      String nameLabel,
      String nameDescription,
      String type,
      String contentType,
      boolean shared,
      Map<String, String> smConfig) {
    UUID id = Uuids.parse("SR", uuid);
    Sr wanted = record(nameLabel, nameDescription, type, contentType, shared, smConfig);
    return store()
        .transact(tx -> {
          CreateSr.checkType(tx, type);
          if (tx.table(ApiModel.SR).byUuid(id.toString()).isPresent()) {
            throw ApiErrors.srUuidExists(uuid);
          }
          return tx.create(ApiModel.SR, wanted.with(b -> b.uuid(id.toString())));
        });
  }

  @Override
  public String make(
      Call call,
      Ref<Host> host,
      Map<String, String> deviceConfig,
      long physicalSize,
      String nameLabel,
      String nameDescription,
      String type,
      String contentType,
      Map<String, String> smConfig) {
    Snapshot state = store().snapshot();
    SrAccess at = outside(state, host, type);
    Map<String, String> opened = DeviceSecrets.open(state, deviceConfig);
    return parts
        .drivers()
        .with(
            at,
            physicalSize,
            driver -> {
              driver.create(at.host(), at.sr(), opened, physicalSize);
              return at.sr().toString();
            });
  }

  @Override
  public String probe(
      Call call,
      Ref<Host> host,
      Map<String, String> deviceConfig,
      String type,
      Map<String, String> smConfig) {
    Snapshot state = store().snapshot();
    SrAccess at = outside(state, host, type);
    Map<String, String> opened = DeviceSecrets.open(state, deviceConfig);
    return parts.drivers().with(at, driver -> driver.probe(at.host(), opened));
  }

  @Override
  public void scan(Call call, Ref<Sr> sr) {
    ScanSr steps = new ScanSr(parts.drivers(), sr);
    parts.run(call, steps);
  }

  @Override
  public void update(Call call, Ref<Sr> sr) {
    UpdateSr steps = new UpdateSr(parts.drivers(), sr);
    parts.run(call, steps);
  }

  /** A repository that has no record. */
  private static SrAccess outside(Snapshot state, Ref<Host> host, String type) {
    CreateSr.checkType(state, type);
    UUID on = HostId.of(state, host);
    return new SrAccess(Ref.none(), UUID.randomUUID(), on, type);
  }

  private static Sr record(
      String nameLabel,
      String nameDescription,
      String type,
      String contentType,
      boolean shared,
      Map<String, String> smConfig) {
    return SrFields.API_CLASS
        .blank()
        .with(b ->
            b.nameLabel(nameLabel)
                .nameDescription(nameDescription)
                .type(type)
                .contentType(contentType)
                .shared(shared)
                .smConfig(smConfig));
  }

  private Store store() {
    return parts.resources().store();
  }
}
