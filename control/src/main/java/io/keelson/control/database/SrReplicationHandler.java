package io.keelson.control.database;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.SrReplication;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.storage.MetadataDisks;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.List;

/** Which repositories hold copies of the database. */
record SrReplicationHandler(Store store, MetadataDisks disks, Replication replication)
    implements SrReplication {

  @Override
  public void assertSupportsDatabaseReplication(Call call, Ref<Sr> sr) {
    MetadataDisks.requireSupport(store.snapshot(), sr);
  }

  /** The database is there when this returns. */
  @Override
  public void enableDatabaseReplication(Call call, Ref<Sr> sr) {
    Snapshot state = store.snapshot();
    MetadataDisks.requireSupport(state, sr);
    Ref<Pool> pool = OnlyPool.row(state).ref();
    List<Ref<Vdi>> there = MetadataDisks.own(state, sr, pool);
    if (!there.isEmpty()) {
      replication.begin(there.getFirst());
      return;
    }
    Ref<Vdi> made = disks.create(call, sr, pool);
    try {
      replication.begin(made);
    } catch (RuntimeException failure) {
      disks.destroy(call, made);
      throw failure;
    }
  }

  @Override
  public void disableDatabaseReplication(Call call, Ref<Sr> sr) {
    Snapshot state = store.snapshot();
    for (Ref<Vdi> vdi : MetadataDisks.own(state, sr, OnlyPool.row(state).ref())) {
      replication.end(vdi);
      disks.destroy(call, vdi);
    }
  }
}
