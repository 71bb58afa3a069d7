package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.NetworkLifecycle;
import io.keelson.api.model.Network;
import io.keelson.api.model.NetworkFields;
import io.keelson.control.Resources;
import io.keelson.control.blob.BlobRecords;
import io.keelson.host.DriverException;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** network.create and destroy. */
record NetworkLifecycleHandler(Resources resources) implements NetworkLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkLifecycleHandler.class);
  private static final Pattern BRIDGE = Pattern.compile("[A-Za-z0-9_.-]{1,15}");

  /** The bridge comes into being on a host when the first VM there is on the network. */
  @Override
  public Ref<Network> create(Call call, Network args) {
    return resources
        .store()
        .transact(tx -> {
          String bridge = args.bridge().isEmpty() ? BridgeNames.free(tx) : args.bridge();
          if (!BRIDGE.matcher(bridge).matches()) {
            throw ApiErrors.invalidValue("bridge", bridge);
          }
          long mtu = args.mtu() > 0 ? args.mtu() : NetworkFields.API_CLASS.blank().mtu();
          NetworkRules.checkMtu(mtu);
          return tx.create(
              ApiModel.NETWORK,
              args.with(b -> b.uuid(UUID.randomUUID().toString()).bridge(bridge).mtu(mtu)));
        });
  }

  /** Network cards that are not attached go with their network. */
  @Override
  public void destroy(Call call, Ref<Network> self) {
    Abandoned bridge = resources.store().transact(tx -> delete(tx, self));
    for (UUID host : bridge.hosts()) {
      try {
        resources.drivers().network().removeBridge(host, bridge.name());
      } catch (DriverException failure) {
        LOG.warn("bridge {} stays on host {}", bridge.name(), host, failure);
      }
    }
  }

  /** A bridge that no network has any more, and the hosts where it may be. */
  private record Abandoned(String name, List<UUID> hosts) {}

  private static Abandoned delete(Transaction tx, Ref<Network> ref) {
    NetworkRules.checkDestroy(tx, ref);
    Network network = tx.get(ApiModel.NETWORK, ref);
    network.vifs().forEach(vif -> VifRecords.delete(tx, vif));
    tx.delete(ApiModel.NETWORK, ref);
    BlobRecords.drop(tx, network.blobs());
    boolean kept =
        tx.rows(ApiModel.NETWORK)
            .anyMatch(other -> other.record().bridge().equals(network.bridge()));
    Stream<UUID> hosts = tx.rows(ApiModel.HOST).map(host -> UUID.fromString(host.record().uuid()));
    return new Abandoned(network.bridge(), kept ? List.of() : hosts.toList());
  }
}
