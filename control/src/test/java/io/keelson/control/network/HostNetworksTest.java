package io.keelson.control.network;

import static io.keelson.control.network.NetworkLab.call;
import static io.keelson.control.network.NetworkLab.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Bond;
import io.keelson.api.model.BondMode;
import io.keelson.api.model.Host;
import io.keelson.api.model.IpConfigurationMode;
import io.keelson.api.model.Ipv6ConfigurationMode;
import io.keelson.api.model.Network;
import io.keelson.api.model.NetworkDefaultLockingMode;
import io.keelson.api.model.NetworkFields;
import io.keelson.api.model.NetworkOperations;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Pool;
import io.keelson.api.model.PoolFields;
import io.keelson.api.model.Tunnel;
import io.keelson.api.model.Vif;
import io.keelson.api.model.VifFields;
import io.keelson.api.model.VifLockingMode;
import io.keelson.api.model.Vlan;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.Resources;
import io.keelson.control.network.PifRecords.Standing;
import io.keelson.host.BridgeSpec;
import io.keelson.host.Drivers;
import io.keelson.store.JournaledStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What hosts' interfaces are made into: VLANs, bonds, tunnels, and what is refused. */
class HostNetworksTest {
  @TempDir Path folder;
  private NetworkLab lab;
  private JournaledStore store;
  private Resources resources;
  private Drivers drivers;
  private Ref<Host> host;
  private UUID hostId;
  private Ref<Pif> eth0;
  private Ref<Pif> eth1;

  @BeforeEach
  void open() {
    lab = new NetworkLab(folder);
    store = lab.store;
    resources = lab.resources;
    drivers = lab.drivers;
    host = lab.host;
    hostId = lab.hostId;
    store.change(tx ->
        drivers
            .network()
            .interfaces(hostId)
            .forEach(found ->
                PifRecords.refresh(
                    tx, host, found, new Standing(found.device().equals("eth0"), true, false))));
    eth0 = PifRecords.find(store.snapshot(), host, "eth0").orElseThrow();
    eth1 = PifRecords.find(store.snapshot(), host, "eth1").orElseThrow();
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private void link(Ref<Pif> pif, boolean up) {
    store.overlay(overlay ->
        overlay.set(ApiModel.PIF_METRICS, pif(pif).metrics(), m -> m.with(b -> b.carrier(up))));
  }

  private Pif pif(Ref<Pif> ref) {
    return store.snapshot().get(ApiModel.PIF, ref);
  }

  private Ref<Network> network() {
    return new NetworkLifecycleHandler(resources)
        .create(call(), NetworkFields.API_CLASS.blank().with(b -> b.bridge("")));
  }

  private Set<String> bridges() {
    return drivers.network().bridges(hostId);
  }

  private String bridge(Ref<Network> network) {
    return store.snapshot().get(ApiModel.NETWORK, network).bridge();
  }

  /** A running VM with a card that is plugged. */
  private Ref<Vif> pluggedCard(Ref<Network> network) {
    return store.transact(tx -> {
      Ref<Vm> vm =
          tx.create(
              ApiModel.VM,
              VmFields.API_CLASS
                  .blank()
                  .with(b ->
                      b.uuid(UUID.randomUUID().toString())
                          .powerState(VmPowerState.RUNNING)
                          .residentOn(host)));
      Ref<Vif> vif =
          VifRecords.create(
              tx,
              VifFields.API_CLASS
                  .blank()
                  .with(b -> b.vm(vm).network(network).device("0").mac("").mtu(1500)));
      tx.update(ApiModel.VIF, vif, v -> v.with(b -> b.currentlyAttached(true)));
      return vif;
    });
  }

  @Test
  void propertiesAreThoseOfRealInterfaces() {
    PifPropertiesHandler properties = new PifPropertiesHandler(resources);
    refused(
        () -> properties.setProperty(call(), eth0, "tso", "on"),
        "INVALID_VALUE",
        "properties",
        "tso = on");
    refused(
        () -> properties.setProperty(call(), eth0, "gro", "1"),
        "INVALID_VALUE",
        "properties",
        "gro = 1");
    Ref<Vlan> vlan = new VlanHandler(resources).create(call(), eth0, 42, network());
    Ref<Pif> untagged = store.snapshot().get(ApiModel.VLAN, vlan).untaggedPif();
    refused(
        () -> properties.setProperty(call(), untagged, "gro", "off"),
        "CANNOT_CHANGE_PIF_PROPERTIES",
        untagged.text());
    properties.setProperty(call(), eth0, "gro", "off");
    assertThat(pif(eth0).properties()).containsExactlyEntriesOf(Map.of("gro", "off"));
    assertThat(pif(eth1).properties()).isEmpty();
  }

  @Test
  void anInterfaceThatComesUpIsGivenItsPropertiesAgain() {
    new PifPropertiesHandler(resources).setProperty(call(), eth0, "gro", "off");
    assertThat(lab.simulation.mergesReceived(hostId, "eth0")).isFalse();
    machineRestarts();
    new NetworkRecovery(resources).recover();
    assertThat(lab.simulation.mergesReceived(hostId, "eth0")).isTrue();
    PifPluggingHandler plugging = new PifPluggingHandler(resources);
    plugging.plug(call(), eth0);
    assertThat(lab.simulation.mergesReceived(hostId, "eth0")).isFalse();
    machineRestarts();
    new NetworkRecovery(resources).recover();
    assertThat(lab.simulation.mergesReceived(hostId, "eth0")).isFalse();
    assertThat(lab.simulation.mergesReceived(hostId, "eth1")).isTrue();
  }

  private void machineRestarts() {
    drivers.network().mergeReceived(hostId, "eth0", true);
  }

  @Test
  void aVlanIsMadeOnceAndOnlyOnWhatCanHaveOne() {
    VlanHandler vlans = new VlanHandler(resources);
    Ref<Network> network = network();
    refused(() -> vlans.create(call(), eth0, 5000, network), "VLAN_TAG_INVALID", "5000");
    refused(() -> vlans.create(call(), eth0, -1, network), "VLAN_TAG_INVALID", "-1");
    Ref<Vlan> vlan = vlans.create(call(), eth0, 42, network);
    Ref<Pif> untagged = store.snapshot().get(ApiModel.VLAN, vlan).untaggedPif();
    assertThat(pif(untagged).vlan()).isEqualTo(42);
    assertThat(pif(untagged).device()).isEqualTo("eth0");
    assertThat(pif(untagged).currentlyAttached()).isTrue();
    assertThat(pif(untagged).physical()).isFalse();
    assertThat(pif(eth0).currentlyAttached()).isTrue();
    assertThat(pif(eth0).vlanSlaveOf()).containsExactly(vlan);
    assertThat(bridges()).contains("xenbr0", bridge(network));
    refused(() -> vlans.create(call(), eth0, 42, network), "PIF_VLAN_EXISTS", "eth0");
    refused(() -> vlans.create(call(), untagged, 7, network()), "PIF_IS_VLAN", untagged.text());
    refused(
        () -> vlans.create(call(), eth1, 7, network),
        "NETWORK_ALREADY_CONNECTED",
        host.text(),
        untagged.text());
    Ref<Network> used = network();
    Ref<Vif> card = pluggedCard(used);
    refused(() -> vlans.create(call(), eth1, 8, used), "VIF_IN_USE", used.text(), card.text());
    refused(
        () -> new NetworkLifecycleHandler(resources).destroy(call(), network),
        "NETWORK_CONTAINS_PIF",
        untagged.text());
    vlans.destroy(call(), vlan);
    assertThat(store.snapshot().table(ApiModel.VLAN).size()).isZero();
    assertThat(store.snapshot().find(ApiModel.PIF, untagged)).isEmpty();
    assertThat(bridges()).doesNotContain(bridge(network));
    Set<Ref<Pif>> pool = new VlanHandler.OfPool(vlans).createVlanFromPif(call(), eth1, network, 9);
    assertThat(pool).hasSize(1);
    refused(
        () -> new VlanHandler.OfHost(vlans).createVlan(call(), "eth7", network(), host, 9),
        "PIF_DEVICE_NOT_FOUND");
    new PifRegistrationHandler(resources).destroy(call(), pool.iterator().next());
    refused(
        () -> new PifRegistrationHandler(resources).destroy(call(), eth1),
        "PIF_IS_PHYSICAL",
        eth1.text());
  }

  @Test
  void whatIsInUseStaysPlugged() {
    PifPluggingHandler plugging = new PifPluggingHandler(resources);
    plugging.plug(call(), eth0);
    refused(() -> plugging.unplug(call(), eth0), "PIF_IS_MANAGEMENT_INTERFACE", eth0.text());
    plugging.plug(call(), eth1);
    Ref<Vlan> vlan = new VlanHandler(resources).create(call(), eth1, 42, network());
    refused(() -> plugging.unplug(call(), eth1), "PIF_VLAN_STILL_EXISTS", eth1.text());
    plugging.unplug(call(), store.snapshot().get(ApiModel.VLAN, vlan).untaggedPif());
    Ref<Network> network = pif(eth1).network();
    Ref<Vif> card = pluggedCard(network);
    refused(() -> plugging.unplug(call(), eth1), "VIF_IN_USE", network.text(), card.text());
    store.change(tx -> tx.update(ApiModel.VIF, card, v -> v.with(b -> b.currentlyAttached(false))));
    plugging.unplug(call(), eth1);
    assertThat(bridges()).doesNotContain(bridge(network));
    store.change(tx -> tx.update(ApiModel.PIF, eth1, p -> p.with(b -> b.managed(false))));
    refused(() -> plugging.plug(call(), eth1), "PIF_UNMANAGED", eth1.text());
  }

  @Test
  void aBondTakesOverItsMembersAndGivesThemBack() {
    BondHandler bonds = new BondHandler(resources);
    PifPluggingHandler plugging = new PifPluggingHandler(resources);
    plugging.plug(call(), eth0);
    Ref<Vlan> vlan = new VlanHandler(resources).create(call(), eth0, 42, network());
    Ref<Vif> card = pluggedCard(pif(eth0).network());
    Ref<Network> network = network();
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
    String ip = pif(eth0).ip();
    Ref<Network> before = pif(eth0).network();
    Ref<Bond> bond = bonds.create(call(), network, Set.of(eth0, eth1), "", BondMode.LACP, Map.of());
    Bond made = store.snapshot().get(ApiModel.BOND, bond);
    Pif master = pif(made.master());
    assertThat(made.primarySlave()).isEqualTo(eth0);
    assertThat(made.slaves()).containsExactlyInAnyOrder(eth0, eth1);
    assertThat(made.linksUp()).isZero();
    link(eth0, true);
    link(eth1, true);
    assertThat(store.snapshot().get(ApiModel.BOND, bond).linksUp()).isEqualTo(2);
    link(eth0, false);
    assertThat(store.snapshot().get(ApiModel.BOND, bond).linksUp()).isEqualTo(1);
    assertThat(made.properties()).containsEntry("hashing_algorithm", "tcpudp_ports");
    assertThat(master.device()).isEqualTo("bond0");
    assertThat(master.management()).isTrue();
    assertThat(master.ip()).isEqualTo(ip);
    assertThat(master.mac()).isEqualTo(pif(eth0).mac());
    assertThat(pif(eth0).management()).isFalse();
    assertThat(pif(eth0).ip()).isEmpty();
    assertThat(store.snapshot().get(ApiModel.VLAN, vlan).taggedPif()).isEqualTo(made.master());
    assertThat(store.snapshot().get(ApiModel.VIF, card).network()).isEqualTo(network);
    assertThat(bridges()).contains(bridge(network)).doesNotContain("xenbr0", "xenbr1");
    refused(() -> plugging.plug(call(), eth0), "CANNOT_PLUG_BOND_SLAVE", eth0.text());
    refused(
        () -> new VlanHandler(resources).create(call(), eth0, 7, network()),
        "CANNOT_ADD_VLAN_TO_BOND_SLAVE",
        eth0.text());
    refused(
        () -> bonds.create(call(), network(), Set.of(eth0, eth1), "", BondMode.LACP, Map.of()),
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
    assertThat(pif(eth0).management()).isTrue();
    assertThat(pif(eth0).ip()).isEqualTo(ip);
    assertThat(pif(eth0).currentlyAttached()).isTrue();
    assertThat(pif(eth1).currentlyAttached()).isFalse();
    assertThat(store.snapshot().find(ApiModel.PIF, made.master())).isEmpty();
    assertThat(store.snapshot().get(ApiModel.VLAN, vlan).taggedPif()).isEqualTo(eth0);
    assertThat(store.snapshot().get(ApiModel.VIF, card).network()).isEqualTo(before);
    assertThat(bridges()).contains("xenbr0").doesNotContain(bridge(network));
  }

  @Test
  void aTunnelNeedsAnAddressUnderneath() {
    TunnelHandler tunnels = new TunnelHandler(resources);
    Ref<Network> network = network();
    refused(
        () -> tunnels.create(call(), eth1, network), "TRANSPORT_PIF_NOT_CONFIGURED", eth1.text());
    PifAddressingHandler addressing = new PifAddressingHandler(resources);
    addressing.reconfigureIp(
        call(), eth1, IpConfigurationMode.STATIC, "10.1.0.1", "255.255.0.0", "", "");
    Ref<Tunnel> tunnel = tunnels.create(call(), eth1, network);
    Tunnel made = store.snapshot().get(ApiModel.TUNNEL, tunnel);
    assertThat(made.status()).containsEntry("active", "true");
    assertThat(pif(eth1).tunnelTransportPifOf()).containsExactly(tunnel);
    refused(
        () -> tunnels.create(call(), made.accessPif(), network()),
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

  @Test
  void aControllerSteersTheBridgesOfAllHosts() {
    Ref<Pool> pool =
        store.transact(tx ->
            tx.create(
                ApiModel.POOL,
                PoolFields.API_CLASS
                    .blank()
                    .with(b -> b.uuid(UUID.randomUUID().toString()).master(host))));
    PoolSettingsHandler settings = new PoolSettingsHandler(resources);
    for (String wrong : List.of("10.0.0", "controller.example.com", "::g", "10.0.0.1:6653")) {
      refused(
          () -> settings.setVswitchController(call(), wrong),
          "INVALID_IP_ADDRESS_SPECIFIED",
          "address");
    }
    settings.setVswitchController(call(), "192.0.2.200");
    assertThat(lab.simulation.controller(hostId)).contains("192.0.2.200");
    drivers.network().steer(hostId, Optional.empty());
    new NetworkRecovery(resources).recover();
    assertThat(lab.simulation.controller(hostId)).contains("192.0.2.200");
    settings.setVswitchController(call(), "2001:db8::1");
    assertThat(store.snapshot().get(ApiModel.POOL, pool).vswitchController())
        .isEqualTo("2001:db8::1");
    settings.setVswitchController(call(), "");
    assertThat(lab.simulation.controller(hostId)).isEmpty();
    assertThat(store.snapshot().get(ApiModel.POOL, pool).vswitchController()).isEmpty();
  }

  @Test
  void addressesAreChecked() {
    PifAddressingHandler addressing = new PifAddressingHandler(resources);
    refused(
        () ->
            addressing.reconfigureIp(
                call(), eth1, IpConfigurationMode.STATIC, "10.1.0", "255.255.0.0", "", ""),
        "INVALID_IP_ADDRESS_SPECIFIED",
        "IP");
    refused(
        () ->
            addressing.reconfigureIp(
                call(), eth1, IpConfigurationMode.STATIC, "10.1.0.1", "255.0.255.0", "", ""),
        "INVALID_IP_ADDRESS_SPECIFIED",
        "netmask");
    refused(
        () ->
            addressing.reconfigureIp(
                call(), eth1, IpConfigurationMode.STATIC, "10.1.0.1", "255.0.0.0", "x", ""),
        "INVALID_IP_ADDRESS_SPECIFIED",
        "gateway");
    refused(
        () -> addressing.reconfigureIp(call(), eth0, IpConfigurationMode.NONE, "", "", "", ""),
        "PIF_IS_MANAGEMENT_INTERFACE",
        eth0.text());
    refused(
        () ->
            addressing.reconfigureIpv6(
                call(), eth1, Ipv6ConfigurationMode.STATIC, "fe80::1", "", ""),
        "INVALID_IP_ADDRESS_SPECIFIED",
        "IPv6");
    addressing.reconfigureIpv6(
        call(), eth1, Ipv6ConfigurationMode.STATIC, "fd00::1/64", "fd00::2", "");
    assertThat(pif(eth1).ipv6()).containsExactly("fd00::1/64");
  }

  @Test
  void aRestartMakesTheHostWhatTheRecordsSay() {
    new PifPluggingHandler(resources).plug(call(), eth0);
    Ref<Network> network = network();
    new VlanHandler(resources).create(call(), eth0, 42, network);
    drivers.network().removeBridge(hostId, "xenbr0");
    drivers.network().removeBridge(hostId, bridge(network));
    drivers.network().ensureBridge(hostId, BridgeSpec.inner("xapi99", 1500));
    store.change(tx ->
        tx.update(
            ApiModel.NETWORK,
            network,
            n ->
                NetworkFields.CURRENT_OPERATIONS.with(
                    n, Map.of("OpaqueRef:gone", NetworkOperations.ATTACHING))));
    new NetworkRecovery(resources).recover();
    assertThat(bridges()).contains("xenbr0", bridge(network)).doesNotContain("xapi99");
    assertThat(store.snapshot().get(ApiModel.NETWORK, network).currentOperations()).isEmpty();
    assertThat(pif(eth0).currentlyAttached()).isTrue();
  }

  @Test
  void aNetworkInUseKeepsItsLockingMode() {
    Ref<Network> network = network();
    Ref<Vif> card = pluggedCard(network);
    drivers.network().ensureBridge(hostId, Wiring.bridge(store.snapshot(), network, host));
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
    Ref<Vif> first = pluggedCard(network);
    Ref<Vif> second = pluggedCard(network);
    Ref<Vif> third = pluggedCard(network);
    store.change(tx -> InternalNetwork.assign(tx, first));
    store.change(tx -> InternalNetwork.assign(tx, second));
    store.change(tx -> InternalNetwork.assign(tx, first));
    assertThat(store.snapshot().get(ApiModel.NETWORK, network).assignedIps())
        .containsExactlyInAnyOrderEntriesOf(Map.of(first, "169.254.0.2", second, "169.254.0.3"));
    assertThat(
            InternalNetwork.service(store.snapshot(), network, host)
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
