package io.keelson.control.vm;

import static io.keelson.control.vm.VmLab.uuid;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostMetrics;
import io.keelson.api.model.Network;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Sm;
import io.keelson.api.model.Sr;
import io.keelson.host.StorageKind;
import io.keelson.store.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The records of a pool, as they are after a first boot, for a {@link VmLab}. */
final class LabPool {
  private LabPool() {}

  static void found(Transaction tx, int count, StorageKind kind) {
    List<Ref<Host>> made = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      int number = i;
      Ref<HostMetrics> metrics =
          tx.create(ApiModel.HOST_METRICS, HostMetrics.builder().uuid(uuid()).live(true).build());
      made.add(
          tx.create(
              ApiModel.HOST,
              Host.builder()
                  .uuid(uuid())
                  .nameLabel("host" + number)
                  .address("192.0.2." + number)
                  .enabled(true)
                  .metrics(metrics)
                  .build()));
    }
    Ref<Sr> local =
        tx.create(ApiModel.SR, Sr.builder().uuid(uuid()).nameLabel("disks").type("file").build());
    made.forEach(host ->
        tx.create(
            ApiModel.PBD,
            Pbd.builder().uuid(uuid()).host(host).sr(local).currentlyAttached(true).build()));
    tx.create(
        ApiModel.SM,
        Sm.builder().uuid(uuid()).type(kind.type()).features(features(kind.features())).build());
    tx.create(
        ApiModel.NETWORK,
        Network.builder().uuid(uuid()).bridge("xapi0").mtu(1500L).nameLabel("inner").build());
    tx.create(
        ApiModel.POOL,
        Pool.builder()
            .uuid(uuid())
            .master(made.getFirst())
            .defaultSr(local)
            .suspendImageSr(local)
            .crashDumpSr(local)
            .build());
  }

  private static Map<String, Long> features(Map<String, Integer> features) {
    Map<String, Long> longs = new HashMap<>();
    features.forEach((name, version) -> longs.put(name, (long) version));
    return longs;
  }
}
