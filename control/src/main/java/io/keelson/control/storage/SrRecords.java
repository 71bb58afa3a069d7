package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.PbdFields;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Sr;
import io.keelson.control.blob.BlobRecords;
import io.keelson.store.Row;
import io.keelson.store.Transaction;
import java.util.Map;
import java.util.UUID;

/** Makes and deletes the records of repositories and of hosts' connections to them. */
final class SrRecords {
  private SrRecords() {}

  /** Adds a connection. */
  static Ref<Pbd> connect(
      Transaction tx, Ref<Sr> sr, Ref<Host> host, Map<String, String> config, boolean attached) {
    Map<String, String> kept = DeviceSecrets.keep(tx, config);
    return tx.create(
        ApiModel.PBD,
        PbdFields.API_CLASS
            .blank()
            .with(b ->
                b.uuid(UUID.randomUUID().toString())
                    .sr(sr)
                    .host(host)
                    .deviceConfig(kept)
                    .currentlyAttached(attached)));
  }

  /** Removes a connection, with the passwords that were kept for it. */
  static void disconnect(Transaction tx, Ref<Pbd> pbd) {
    Pbd record = tx.get(ApiModel.PBD, pbd);
    DeviceSecrets.drop(tx, record.deviceConfig(), Map.of());
    LocalCache.hostOf(tx, record.sr())
        .filter(record.host()::equals)
        .ifPresent(host -> LocalCache.choose(tx, host, Ref.none()));
    tx.delete(ApiModel.PBD, pbd);
  }

  /** Removes a repository with its disks' records and its connections; what named it names none. */
  static void delete(Transaction tx, Ref<Sr> ref) {
    Sr sr = tx.get(ApiModel.SR, ref);
    sr.vdis().forEach(vdi -> DestroyVdi.deleteRecord(tx, vdi));
    sr.pbds().forEach(pbd -> disconnect(tx, pbd));
    tx.rows(ApiModel.POOL)
        .map(Row::ref)
        .toList()
        .forEach(pool -> tx.update(ApiModel.POOL, pool, p -> without(p, ref)));
    tx.rows(ApiModel.HOST)
        .map(Row::ref)
        .toList()
        .forEach(host -> tx.update(ApiModel.HOST, host, h -> without(h, ref)));
    tx.rows(ApiModel.VM)
        .filter(row -> row.record().suspendSr().equals(ref))
        .map(Row::ref)
        .toList()
        .forEach(vm -> tx.update(ApiModel.VM, vm, v -> v.with(b -> b.suspendSr(Ref.none()))));
    tx.delete(ApiModel.SR, ref);
    BlobRecords.drop(tx, sr.blobs());
  }

  private static Pool without(Pool pool, Ref<Sr> ref) {
    return pool.with(b ->
        b.defaultSr(unless(ref, pool.defaultSr()))
            .suspendImageSr(unless(ref, pool.suspendImageSr()))
            .crashDumpSr(unless(ref, pool.crashDumpSr())));
  }

  private static Host without(Host host, Ref<Sr> ref) {
    return host.with(b ->
        b.suspendImageSr(unless(ref, host.suspendImageSr()))
            .crashDumpSr(unless(ref, host.crashDumpSr()))
            .localCacheSr(unless(ref, host.localCacheSr())));
  }

  private static Ref<Sr> unless(Ref<Sr> gone, Ref<Sr> named) {
    return named.equals(gone) ? Ref.none() : named;
  }
}
