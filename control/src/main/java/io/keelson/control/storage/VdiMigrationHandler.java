package io.keelson.control.storage;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VdiMigration;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import java.util.Map;

/** VDI.pool_migrate. */
record VdiMigrationHandler(StorageParts parts) implements VdiMigration {

  @Override
  public Ref<Vdi> poolMigrate(Call call, Ref<Vdi> vdi, Ref<Sr> sr, Map<String, String> options) {
    return new DiskMoves(parts.resources()).move(call, vdi, sr).now();
  }
}
