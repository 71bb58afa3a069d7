package io.keelson.control.network;

import static io.keelson.control.network.NetworkLab.call;
import static io.keelson.control.network.NetworkLab.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.IpConfigurationMode;
import io.keelson.api.model.Ipv6ConfigurationMode;
import io.keelson.api.model.Network;
import io.keelson.api.model.NetworkFields;
import io.keelson.api.model.NetworkOperations;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Pool;
import io.keelson.api.model.PoolFields;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vlan;
import io.keelson.control.Resources;
import io.keelson.host.BridgeSpec;
import io.keelson.store.JournaledStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interfaces of hosts: what they are set to, and what the host is made into by it. */
class HostNetworksTest {
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
    Ref<Vlan> vlan = new VlanHandler(resources).create(call(), eth0, 42, lab.network());
    Ref<Pif> untagged = store.snapshot().get(ApiModel.VLAN, vlan).untaggedPif();
    refused(
        () -> properties.setProperty(call(), untagged, "gro", "off"),
        "CANNOT_CHANGE_PIF_PROPERTIES",
        untagged.text());
    properties.setProperty(call(), eth0, "gro", "off");
    assertThat(lab.pif(eth0).properties()).containsExactlyEntriesOf(Map.of("gro", "off"));
    assertThat(lab.pif(eth1).properties()).isEmpty();
  }

  @Test
  void anInterfaceThatComesUpIsGivenItsPropertiesAgain() {
    new PifPropertiesHandler(resources).setProperty(call(), eth0, "gro", "off");
    assertThat(lab.simulation.mergesReceived(lab.hostId, "eth0")).isFalse();
    machineRestarts();
    new NetworkRecovery(resources).recover();
    assertThat(lab.simulation.mergesReceived(lab.hostId, "eth0")).isTrue();
    PifPluggingHandler plugging = new PifPluggingHandler(resources);
    plugging.plug(call(), eth0);
    assertThat(lab.simulation.mergesReceived(lab.hostId, "eth0")).isFalse();
    machineRestarts();
    new NetworkRecovery(resources).recover();
    assertThat(lab.simulation.mergesReceived(lab.hostId, "eth0")).isFalse();
    assertThat(lab.simulation.mergesReceived(lab.hostId, "eth1")).isTrue();
  }

  private void machineRestarts() {
    lab.drivers.network().mergeReceived(lab.hostId, "eth0", true);
  }

  @Test
  void whatIsInUseStaysPlugged() {
    PifPluggingHandler plugging = new PifPluggingHandler(resources);
    plugging.plug(call(), eth0);
    refused(() -> plugging.unplug(call(), eth0), "PIF_IS_MANAGEMENT_INTERFACE", eth0.text());
    plugging.plug(call(), eth1);
    Ref<Vlan> vlan = new VlanHandler(resources).create(call(), eth1, 42, lab.network());
    refused(() -> plugging.unplug(call(), eth1), "PIF_VLAN_STILL_EXISTS", eth1.text());
    plugging.unplug(call(), store.snapshot().get(ApiModel.VLAN, vlan).untaggedPif());
    Ref<Network> network = lab.pif(eth1).network();
    Ref<Vif> card = lab.pluggedCard(network);
    refused(() -> plugging.unplug(call(), eth1), "VIF_IN_USE", network.text(), card.text());
    store.change(tx -> tx.update(ApiModel.VIF, card, v -> v.with(b -> b.currentlyAttached(false))));
    plugging.unplug(call(), eth1);
    assertThat(lab.bridges()).doesNotContain(lab.bridge(network));
    store.change(tx -> tx.update(ApiModel.PIF, eth1, p -> p.with(b -> b.managed(false))));
    refused(() -> plugging.plug(call(), eth1), "PIF_UNMANAGED", eth1.text());
  }

  @Test
  void aControllerSteersTheBridgesOfAllHosts() {
    Ref<Pool> pool =
        store.transact(tx ->
            tx.create(
                ApiModel.POOL,
                PoolFields.API_CLASS
                    .blank()
                    .with(b -> b.uuid(UUID.randomUUID().toString()).master(lab.host))));
    PoolSettingsHandler settings = new PoolSettingsHandler(resources);
    for (String wrong : List.of("10.0.0", "controller.example.com", "::g", "10.0.0.1:6653")) {
      refused(
          () -> settings.setVswitchController(call(), wrong),
          "INVALID_IP_ADDRESS_SPECIFIED",
          "address");
    }
    settings.setVswitchController(call(), "192.0.2.200");
    assertThat(lab.simulation.controller(lab.hostId)).contains("192.0.2.200");
    lab.drivers.network().steer(lab.hostId, Optional.empty());
    new NetworkRecovery(resources).recover();
    assertThat(lab.simulation.controller(lab.hostId)).contains("192.0.2.200");
    settings.setVswitchController(call(), "2001:db8::1");
    assertThat(store.snapshot().get(ApiModel.POOL, pool).vswitchController())
        .isEqualTo("2001:db8::1");
    settings.setVswitchController(call(), "");
    assertThat(lab.simulation.controller(lab.hostId)).isEmpty();
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
    assertThat(lab.pif(eth1).ipv6()).containsExactly("fd00::1/64");
  }

  @Test
  void aRestartMakesTheHostWhatTheRecordsSay() {
    new PifPluggingHandler(resources).plug(call(), eth0);
    Ref<Network> network = lab.network();
    new VlanHandler(resources).create(call(), eth0, 42, network);
    lab.drivers.network().removeBridge(lab.hostId, "xenbr0");
    lab.drivers.network().removeBridge(lab.hostId, lab.bridge(network));
    lab.drivers.network().ensureBridge(lab.hostId, BridgeSpec.inner("xapi99", 1500));
    store.change(tx ->
        tx.update(
            ApiModel.NETWORK,
            network,
            n ->
                NetworkFields.CURRENT_OPERATIONS.with(
                    n, Map.of("OpaqueRef:gone", NetworkOperations.ATTACHING))));
    new NetworkRecovery(resources).recover();
    assertThat(lab.bridges()).contains("xenbr0", lab.bridge(network)).doesNotContain("xapi99");
    assertThat(store.snapshot().get(ApiModel.NETWORK, network).currentOperations()).isEmpty();
    assertThat(lab.pif(eth0).currentlyAttached()).isTrue();
  }
}
