package io.keelson.server.firstboot;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.PoolFields;
import io.keelson.api.model.Sr;
import io.keelson.store.Transaction;
import java.util.Map;
import java.util.UUID;

/** The pool's record. */
final class PoolRows {
  private PoolRows() {}

  /**
   * @param defaultSr where disks, suspended memory and dumps go unless told otherwise; null when
   *     there is no such repository
   */
  static void make(Transaction tx, Ref<Host> master, Ref<Sr> defaultSr) {
    tx.create(
        ApiModel.POOL,
        PoolFields.API_CLASS
            .blank()
            .with(b ->
                b.uuid(UUID.randomUUID().toString())
                    .master(master)
                    .defaultSr(defaultSr)
                    .suspendImageSr(defaultSr)
                    .crashDumpSr(defaultSr)
                    .otherConfig(Map.of("memory-ratio-hvm", "0.25", "memory-ratio-pv", "0.25"))));
  }
}
