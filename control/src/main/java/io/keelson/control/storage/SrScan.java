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

/**
 * Brings the records of a repository's disks in line with the volumes that are there: a new volume
 * gets a record, a known one its sizes, and the record of one that is gone is deleted; if something
 * still refers to it, it is marked as missing.
 *
 * @param volumes all that are there
 */
public record SrScan(List<Volume> volumes, StorageSpace space) {
  public SrScan {
    volumes = List.copyOf(volumes);
  }

  /** Asks the driver. */
  static SrScan of(StorageDrivers drivers, SrAccess at) {
    return new SrScan(
        drivers.with(at, driver -> driver.scan(at.host(), at.sr())), drivers.space(at));
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
        tx.create(ApiModel.VDI, record(sr, volume));
      } else if (!Volumes.described(tx.get(ApiModel.VDI, ref), volume)
          .equals(tx.get(ApiModel.VDI, ref))) {
        tx.update(ApiModel.VDI, ref, vdi -> Volumes.described(vdi, volume));
      }
    }
    known.values().forEach(ref -> gone(tx, ref));
    SrSpace.recount(tx, sr, space);
  }

  private static Vdi record(Ref<Sr> sr, Volume volume) {
    return Volumes.found(VdiFields.API_CLASS.blank().with(b -> b.sr(sr)), volume);
  }

  private static void gone(Transaction tx, Ref<Vdi> ref) {
    if (DestroyVdi.referred(tx, ref)) {
      tx.update(ApiModel.VDI, ref, vdi -> vdi.with(b -> b.missing(true)));
    } else {
      DestroyVdi.deleteRecord(tx, ref);
    }
  }
}
