package io.keelson.control.network;

import static io.keelson.control.network.NetworkLab.call;
import static io.keelson.control.network.NetworkLab.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Bond;
import io.keelson.api.model.BondMode;
import io.keelson.api.model.IpConfigurationMode;
import io.keelson.api.model.Network;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Tunnel;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vlan;
import io.keelson.control.Resources;
import io.keelson.store.JournaledStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What hosts' interfaces are made into: VLANs, bonds, tunnels, and what is refused. */
class MadeInterfacesTest {
  @TempDir Path folder;
  private NetworkLab lab;
  private JournaledStore store;
  private Resources resources;
  private Ref<Pif> eth0;
  private Ref<Pif> eth1;

  @BeforeEach
  void open() {
    lab = new NetworkLab(folder);
    lab.findInterfaces();
    store = lab.store;
    resources = lab.resources;
    eth0 = lab.found("eth0");
    eth1 = lab.found("eth1");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void aVlanIsMadeOnceAndOnlyOnWhatCanHaveOne() {
    VlanHandler vlans = new VlanHandler(resources);
    Ref<Network> network = lab.network();
    refused(() -> vlans.create(call(), eth0, 5000, network), "VLAN_TAG_INVALID", "5000");
    refused(() -> vlans.create(call(), eth0, -1, network), "VLAN_TAG_INVALID", "-1");
    Ref<Vlan> vlan = vlans.create(call(), eth0, 42, network);
    Ref<Pif> untagged = store.snapshot().get(ApiModel.VLAN, vlan).untaggedPif();
    assertThat(lab.pif(untagged).vlan()).isEqualTo(42);
    assertThat(lab.pif(untagged).device()).isEqualTo("eth0");
    assertThat(lab.pif(untagged).currentlyAttached()).isTrue();
    assertThat(lab.pif(untagged).physical()).isFalse();
    assertThat(lab.pif(eth0).currentlyAttached()).isTrue();
    assertThat(lab.pif(eth0).vlanSlaveOf()).containsExactly(vlan);
    assertThat(lab.bridges()).contains("xenbr0", lab.bridge(network));
    refused(() -> vlans.create(call(), eth0, 42, network), "PIF_VLAN_EXISTS", "eth0");
    refused(() -> vlans.create(call(), untagged, 7, lab.network()), "PIF_IS_VLAN", untagged.text());
    refused(
        () -> vlans.create(call(), eth1, 7, network),
        "NETWORK_ALREADY_CONNECTED",
        lab.host.text(),
        untagged.text());
    Ref<Network> used = lab.network();
    Ref<Vif> card = lab.pluggedCard(used);
    refused(() -> vlans.create(call(), eth1, 8, used), "VIF_IN_USE", used.text(), card.text());
    refused(
        () -> new NetworkLifecycleHandler(resources).destroy(call(), network),
        "NETWORK_CONTAINS_PIF",
        untagged.text());
    vlans.destroy(call(), vlan);
    assertThat(store.snapshot().table(ApiModel.VLAN).size()).isZero();
    assertThat(store.snapshot().find(ApiModel.PIF, untagged)).isEmpty();
    assertThat(lab.bridges()).doesNotContain(lab.bridge(network));
    Set<Ref<Pif>> pool = new VlanHandler.OfPool(vlans).createVlanFromPif(call(), eth1, network, 9);
    assertThat(pool).hasSize(1);
    refused(
        () -> new VlanHandler.OfHost(vlans).createVlan(call(), "eth7", lab.network(), lab.host, 9),
        "PIF_DEVICE_NOT_FOUND");
    new PifRegistrationHandler(resources).destroy(call(), pool.iterator().next());
    refused(
        () -> new PifRegistrationHandler(resources).destroy(call(), eth1),
        "PIF_IS_PHYSICAL",
        eth1.text());
  }

  @Test
  void aBondTakesOverItsMembersAndGivesThemBack() {
    BondHandler bonds = new BondHandler(resources);
    PifPluggingHandler plugging = new PifPluggingHandler(resources);
    plugging.plug(call(), eth0);
    Ref<Vlan> vlan = new VlanHandler(resources).create(call(), eth0, 42, lab.network());
    Ref<Vif> card = lab.pluggedCard(lab.pif(eth0).network());
    Ref<Network> network = lab.network();
    refused(
        () -> bonds.create(call(), network, Set.of(eth0), "", BondMode.BALANCE_SLB, Map.of()),
        "PIF_BOND_NEEDS_MORE_MEMBERS");
    refused(
        () ->
            bonds.create(
                call(),
                network,
                Set.of(eth0, eth1),
                "",
                BondMode.ACTIVE_BACKUP,
                Map.of("hashing_algorithm", "src_mac")),
        "INVALID_VALUE",
        "properties",
        "hashing_algorithm = src_mac");
    String ip = lab.pif(eth0).ip();
    Ref<Network> before = lab.pif(eth0).network();
    Ref<Bond> bond = bonds.create(call(), network, Set.of(eth0, eth1), "", BondMode.LACP, Map.of());
    Bond made = store.snapshot().get(ApiModel.BOND, bond);
    Pif master = lab.pif(made.master());
    assertThat(made.primarySlave()).isEqualTo(eth0);
    assertThat(made.slaves()).containsExactlyInAnyOrder(eth0, eth1);
    assertThat(made.linksUp()).isZero();
    lab.link(eth0, true);
    lab.link(eth1, true);
    assertThat(store.snapshot().get(ApiModel.BOND, bond).linksUp()).isEqualTo(2);
    lab.link(eth0, false);
    assertThat(store.snapshot().get(ApiModel.BOND, bond).linksUp()).isEqualTo(1);
    assertThat(made.properties()).containsEntry("hashing_algorithm", "tcpudp_ports");
    assertThat(master.device()).isEqualTo("bond0");
    assertThat(master.management()).isTrue();
    assertThat(master.ip()).isEqualTo(ip);
    assertThat(master.mac()).isEqualTo(lab.pif(eth0).mac());
    assertThat(lab.pif(eth0).management()).isFalse();
    assertThat(lab.pif(eth0).ip()).isEmpty();
    assertThat(store.snapshot().get(ApiModel.VLAN, vlan).taggedPif()).isEqualTo(made.master());
    assertThat(store.snapshot().get(ApiModel.VIF, card).network()).isEqualTo(network);
    assertThat(lab.bridges()).contains(lab.bridge(network)).doesNotContain("xenbr0", "xenbr1");
    refused(() -> plugging.plug(call(), eth0), "CANNOT_PLUG_BOND_SLAVE", eth0.text());
    refused(
        () -> new VlanHandler(resources).create(call(), eth0, 7, lab.network()),
        "CANNOT_ADD_VLAN_TO_BOND_SLAVE",
        eth0.text());
    refused(
        () -> bonds.create(call(), lab.network(), Set.of(eth0, eth1), "", BondMode.LACP, Map.of()),
        "PIF_ALREADY_BONDED",
        eth0.text());
    bonds.setProperty(call(), bond, "hashing_algorithm", "src_mac");
    bonds.setMode(call(), bond, BondMode.ACTIVE_BACKUP);
    assertThat(store.snapshot().get(ApiModel.BOND, bond).properties()).isEmpty();
    refused(
        () -> bonds.setProperty(call(), bond, "hashing_algorithm", "src_mac"),
        "INVALID_VALUE",
        "properties",
        "hashing_algorithm = src_mac");
    bonds.destroy(call(), bond);
    assertThat(lab.pif(eth0).management()).isTrue();
    assertThat(lab.pif(eth0).ip()).isEqualTo(ip);
    assertThat(lab.pif(eth0).currentlyAttached()).isTrue();
    assertThat(lab.pif(eth1).currentlyAttached()).isFalse();
    assertThat(store.snapshot().find(ApiModel.PIF, made.master())).isEmpty();
    assertThat(store.snapshot().get(ApiModel.VLAN, vlan).taggedPif()).isEqualTo(eth0);
    assertThat(store.snapshot().get(ApiModel.VIF, card).network()).isEqualTo(before);
    assertThat(lab.bridges()).contains("xenbr0").doesNotContain(lab.bridge(network));
  }

  @Test
  void aTunnelNeedsAnAddressUnderneath() {
    TunnelHandler tunnels = new TunnelHandler(resources);
    Ref<Network> network = lab.network();
    refused(
        () -> tunnels.create(call(), eth1, network), "TRANSPORT_PIF_NOT_CONFIGURED", eth1.text());
    PifAddressingHandler addressing = new PifAddressingHandler(resources);
    addressing.reconfigureIp(
        call(), eth1, IpConfigurationMode.STATIC, "10.1.0.1", "255.255.0.0", "", "");
    Ref<Tunnel> tunnel = tunnels.create(call(), eth1, network);
    Tunnel made = store.snapshot().get(ApiModel.TUNNEL, tunnel);
    assertThat(made.status()).containsEntry("active", "true");
    assertThat(lab.pif(eth1).tunnelTransportPifOf()).containsExactly(tunnel);
    refused(
        () -> tunnels.create(call(), made.accessPif(), lab.network()),
        "IS_TUNNEL_ACCESS_PIF",
        made.accessPif().text());
    refused(
        () -> new PifPluggingHandler(resources).unplug(call(), eth1),
        "PIF_TUNNEL_STILL_EXISTS",
        eth1.text());
    refused(
        () -> new PifRegistrationHandler(resources).forget(call(), eth1),
        "PIF_TUNNEL_STILL_EXISTS",
        eth1.text());
    new PifPluggingHandler(resources).unplug(call(), made.accessPif());
    assertThat(store.snapshot().get(ApiModel.TUNNEL, tunnel).status())
        .containsEntry("active", "false");
    tunnels.destroy(call(), tunnel);
    assertThat(store.snapshot().table(ApiModel.TUNNEL).size()).isZero();
    assertThat(store.snapshot().find(ApiModel.PIF, made.accessPif())).isEmpty();
  }
}
