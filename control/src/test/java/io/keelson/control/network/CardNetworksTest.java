package io.keelson.control.network;

import static io.keelson.control.network.NetworkLab.call;
import static io.keelson.control.network.NetworkLab.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Network;
import io.keelson.api.model.NetworkDefaultLockingMode;
import io.keelson.api.model.NetworkFields;
import io.keelson.api.model.Vif;
import io.keelson.api.model.VifLockingMode;
import io.keelson.control.Resources;
import io.keelson.store.JournaledStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What networks are to the cards of VMs: what they let through, and which addresses they give. */
class CardNetworksTest {
  @TempDir Path folder;
  private NetworkLab lab;
  private JournaledStore store;
  private Resources resources;

  @BeforeEach
  void open() {
    lab = new NetworkLab(folder);
    store = lab.store;
    resources = lab.resources;
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void aNetworkInUseKeepsItsLockingMode() {
    Ref<Network> network = lab.network();
    Ref<Vif> card = lab.pluggedCard(network);
    lab.drivers
        .network()
        .ensureBridge(lab.hostId, Wiring.bridge(store.snapshot(), network, lab.host));
    refused(
        () ->
            new NetworkSettingsHandler(resources)
                .setDefaultLockingMode(call(), network, NetworkDefaultLockingMode.DISABLED),
        "VIF_IN_USE",
        network.text(),
        card.text());
    VifLockingHandler locking = new VifLockingHandler(resources);
    locking.setLockingMode(call(), card, VifLockingMode.LOCKED);
    locking.setIpv4Allowed(call(), card, List.of("10.0.0.1"));
    refused(
        () -> locking.addIpv4Allowed(call(), card, "10.0.0"),
        "INVALID_IP_ADDRESS_SPECIFIED",
        "ipv4_allowed");
    assertThat(store.snapshot().get(ApiModel.VIF, card).lockingMode())
        .isEqualTo(VifLockingMode.LOCKED);
    store.change(tx -> tx.update(ApiModel.VIF, card, v -> v.with(b -> b.qosAlgorithmType("fast"))));
    refused(
        () -> locking.setLockingMode(call(), card, VifLockingMode.UNLOCKED),
        "VALUE_NOT_SUPPORTED",
        "qos_algorithm_type",
        "fast",
        "only ratelimit is known");
  }

  @Test
  void cardsOnTheInternalNetworkHaveAddresses() {
    Ref<Network> network =
        store.transact(tx ->
            tx.create(
                ApiModel.NETWORK,
                NetworkFields.API_CLASS
                    .blank()
                    .with(b ->
                        b.uuid(UUID.randomUUID().toString())
                            .bridge("xenapi")
                            .otherConfig(
                                Map.of(
                                    "is_host_internal_management_network", "true",
                                    "ip_begin", "169.254.0.1",
                                    "ip_end", "169.254.0.3",
                                    "netmask", "255.255.0.0")))));
    Ref<Vif> first = lab.pluggedCard(network);
    Ref<Vif> second = lab.pluggedCard(network);
    Ref<Vif> third = lab.pluggedCard(network);
    store.change(tx -> InternalNetwork.assign(tx, first));
    store.change(tx -> InternalNetwork.assign(tx, second));
    store.change(tx -> InternalNetwork.assign(tx, first));
    assertThat(store.snapshot().get(ApiModel.NETWORK, network).assignedIps())
        .containsExactlyInAnyOrderEntriesOf(Map.of(first, "169.254.0.2", second, "169.254.0.3"));
    assertThat(
            InternalNetwork.service(store.snapshot(), network, lab.host)
                .orElseThrow()
                .leases()
                .values())
        .containsExactlyInAnyOrder("169.254.0.2", "169.254.0.3");
    refused(
        () -> store.change(tx -> InternalNetwork.assign(tx, third)),
        "INVALID_VALUE",
        "other_config:ip_end",
        "169.254.0.3");
  }
}
