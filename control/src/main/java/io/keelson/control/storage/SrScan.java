package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.store.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Brings the records of a repository's disks in line with the volumes that are there: a new volume
 * gets a record, a known one its sizes, and the record of one that is gone is deleted; if something
 * still refers to it, it is marked as missing.
 *
 * @param volumes all that are there
 * @param databases those among them that hold copies of a pool's database, with the pool's uuid
 */
public record SrScan(List<Volume> volumes, StorageSpace space, Map<UUID, UUID> databases) {
  public SrScan {
    volumes = List.copyOf(volumes);
    databases = Map.copyOf(databases);
  }

  /** A scan of a repository without copies of databases. */
  public SrScan(List<Volume> volumes, StorageSpace space) {
    this(volumes, space, Map.of());
  }

  /** Asks the driver. */
  static SrScan of(StorageDrivers drivers, SrAccess at) {
    SrScan found =
        new SrScan(drivers.with(at, driver -> driver.scan(at.host(), at.sr())), drivers.space(at));
    return new SrScan(found.volumes, found.space, MetadataDisks.among(drivers, at, found));
  }

  /** Writes what was found. */
  public void settle(Transaction tx, Ref<Sr> sr) {
    Map<String, Ref<Vdi>> known = new HashMap<>();
    for (Ref<Vdi> ref : tx.get(ApiModel.SR, sr).vdis()) {
      known.put(tx.get(ApiModel.VDI, ref).uuid(), ref);
    }
    for (Volume volume : volumes) {
      Ref<Vdi> ref = known.remove(volume.vdi().toString());
      if (ref == null) {
        tx.create(ApiModel.VDI, record(tx, sr, volume));
      } else if (!Volumes.described(tx.get(ApiModel.VDI, ref), volume)
          .equals(tx.get(ApiModel.VDI, ref))) {
        tx.update(ApiModel.VDI, ref, vdi -> Volumes.described(vdi, volume));
      }
    }
    known.values().forEach(ref -> gone(tx, ref));
    SrSpace.recount(tx, sr, space);
  }

  private Vdi record(Transaction tx, Ref<Sr> sr, Volume volume) {
    Vdi vdi = Volumes.found(VdiFields.API_CLASS.blank().with(b -> b.sr(sr)), volume);
    UUID pool = databases.get(volume.vdi());
    return pool == null ? vdi : MetadataDisks.found(tx, vdi, pool);
  }

  private static void gone(Transaction tx, Ref<Vdi> ref) {
    if (DestroyVdi.referred(tx, ref)) {
      tx.update(ApiModel.VDI, ref, vdi -> vdi.with(b -> b.missing(true)));
    } else {
      DestroyVdi.deleteRecord(tx, ref);
    }
  }
}
