package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PbdLifecycle;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Sr;
import io.keelson.api.model.StorageOperations;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.Map;

/** The life of hosts' connections to repositories. */
record PbdLifecycleHandler(StorageParts parts) implements PbdLifecycle {

  @Override
  public Ref<Pbd> create(Call call, Pbd args) {
    return parts
        .turns()
        .take(
            call,
            () ->
                store()
                    .transact(tx -> {
                      checkNew(tx, args);
                      Ref<Pbd> pbd =
                          SrRecords.connect(tx, args.sr(), args.host(), args.deviceConfig(), false);
                      tx.update(
                          ApiModel.PBD, pbd, p -> p.with(b -> b.otherConfig(args.otherConfig())));
                      return pbd;
                    }));
  }

  /** A host has one connection to a repository; only a shared one is connected to several. */
  private static void checkNew(Transaction tx, Pbd args) {
    SrRules.check(tx, args.sr(), StorageOperations.PBD_CREATE);
    tx.get(ApiModel.HOST, args.host());
    Sr sr = tx.get(ApiModel.SR, args.sr());
    boolean connected =
        sr.pbds().stream().anyMatch(p -> tx.get(ApiModel.PBD, p).host().equals(args.host()));
    if (connected) {
      throw ApiErrors.dbUniquenessConstraintViolation("PBD", "host", args.host().text());
    }
    if (!sr.shared() && !sr.pbds().isEmpty()) {
      throw ApiErrors.srNotSharable(args.sr().text(), args.host().text());
    }
  }

  @Override
  public void destroy(Call call, Ref<Pbd> self) {
    parts
        .turns()
        .run(
            call,
            () ->
                store()
                    .change(tx -> {
                      Pbd pbd = tx.get(ApiModel.PBD, self);
                      if (pbd.currentlyAttached()) {
                        throw ApiErrors.operationNotAllowed("PBD is currently attached");
                      }
                      SrRules.check(tx, pbd.sr(), StorageOperations.PBD_DESTROY);
                      SrRecords.disconnect(tx, self);
                    }));
  }

  @Override
  public void plug(Call call, Ref<Pbd> self) {
    PlugPbd steps = new PlugPbd(parts.drivers(), self);
    parts.run(call, steps);
  }

  @Override
  public void setDeviceConfig(Call call, Ref<Pbd> self, Map<String, String> value) {
    store()
        .change(tx -> {
          DeviceSecrets.drop(tx, tx.get(ApiModel.PBD, self).deviceConfig(), value);
          Map<String, String> kept = DeviceSecrets.keep(tx, value);
          tx.update(ApiModel.PBD, self, p -> p.with(b -> b.deviceConfig(kept)));
        });
  }

  @Override
  public void unplug(Call call, Ref<Pbd> self) {
    UnplugPbd steps = new UnplugPbd(parts.drivers(), self);
    parts.run(call, steps);
  }

  private Store store() {
    return parts.resources().store();
  }
}
