package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Network;
import io.keelson.store.Transaction;
import java.util.UUID;

/** Makes networks' records. */
public final class NetworkRecords {
  private static final long LARGEST_MTU = 65_535;

  private NetworkRecords() {}

  /** Adds a network of the pool's own, which no interface leads out of. */
  public static void internal(Transaction tx, Ref<Network> ref, Network like) {
    Network blank = ApiModel.NETWORK.blank();
    boolean possible = like.mtu() > 0 && like.mtu() <= LARGEST_MTU;
    tx.create(
        ApiModel.NETWORK,
        ref,
        blank.with(b ->
            b.uuid(UUID.randomUUID().toString())
                .nameLabel(like.nameLabel())
                .nameDescription(like.nameDescription())
                .bridge(BridgeNames.free(tx))
                .mtu(possible ? like.mtu() : blank.mtu())));
  }
}
