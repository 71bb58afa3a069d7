package io.keelson.server.firstboot;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Network;
import io.keelson.api.model.NetworkFields;
import io.keelson.api.model.Pif;
import io.keelson.control.network.PifRecords;
import io.keelson.host.Network.Interface;
import io.keelson.store.Row;
import io.keelson.store.Transaction;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The networks that a pool has from the beginning, and the hosts' interfaces on them. */
final class NetworkRows {
  private static final long MTU = 1500;

  private NetworkRows() {}

  /** The network of all interfaces of the pool that have this one's name. */
  static Ref<Network> ofDevice(Transaction tx, Interface found) {
    return tx.rows(ApiModel.PIF)
        .map(Row::record)
        .filter(pif -> pif.physical() && pif.device().equals(found.device()))
        .map(Pif::network)
        .findFirst()
        .orElseGet(() -> PifRecords.makeNetwork(tx, found));
  }

  /** Makes the interface's record, or brings its facts up to date. */
  static void refreshPif(
      Transaction tx,
      Ref<Host> host,
      Ref<Network> network,
      Interface found,
      Optional<String> management) {
    Optional<Ref<Pif>> known = PifRecords.find(tx, host, found.device());
    if (known.isEmpty()) {
      boolean manages = management.filter(found.device()::equals).isPresent();
      PifRecords.make(tx, host, network, found, manages);
    } else {
      tx.update(ApiModel.PIF, known.get(), pif -> PifRecords.withFacts(pif, found));
    }
  }

  /** The network between a host and its guests, which no interface is on. */
  static void makeInternal(Transaction tx) {
    tx.create(
        ApiModel.NETWORK,
        NetworkFields.API_CLASS
            .blank()
            .with(b ->
                b.uuid(UUID.randomUUID().toString())
                    .nameLabel("Host internal management network")
                    .nameDescription("Network between a host and the guests that run on it")
                    .bridge("xenapi")
                    .mtu(MTU)
                    .otherConfig(
                        Map.of(
                            "is_guest_installer_network", "true",
                            "is_host_internal_management_network", "true",
                            "ip_begin", "169.254.0.1",
                            "ip_end", "169.254.255.254",
                            "netmask", "255.255.0.0"))));
  }
}
