package io.keelson.server.firstboot;

import io.keelson.api.ApiModel;
import io.keelson.api.model.NetworkFields;
import io.keelson.store.Transaction;
import java.util.Map;
import java.util.UUID;

/** The network that a pool has besides those of its hosts' interfaces. */
final class NetworkRows {
  private static final long MTU = 1500;

  private NetworkRows() {}

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
