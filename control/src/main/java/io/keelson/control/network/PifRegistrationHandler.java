package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PifRegistration;
import io.keelson.api.model.Bond;
import io.keelson.api.model.Host;
import io.keelson.api.model.IpConfigurationMode;
import io.keelson.api.model.Ipv6ConfigurationMode;
import io.keelson.api.model.Network;
import io.keelson.api.model.Pif;
import io.keelson.api.model.PrimaryAddressType;
import io.keelson.api.model.Vlan;
import io.keelson.control.Resources;
import io.keelson.control.network.PifRecords.Standing;
import io.keelson.control.rules.HostId;
import io.keelson.host.Network.Interface;
import io.keelson.store.Snapshot;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Which of the hosts' real interfaces have records. The interfaces themselves stay as they are. */
record PifRegistrationHandler(Resources resources) implements PifRegistration {

  @Override
  public void dbForget(Call call, Ref<Pif> self) {
    resources.store().change(tx -> PifRecords.delete(tx, self));
  }

  @Override
  public Ref<Pif> dbIntroduce(
      Call call,
      String device,
      Ref<Network> network,
      Ref<Host> host,
      String mac,
      long mtu,
      long vlan,
      boolean physical,
      IpConfigurationMode ipConfigurationMode,
      String ip,
      String netmask,
      String gateway,
      String dns,
      Ref<Bond> bondSlaveOf,
      Ref<Vlan> vlanMasterOf,
      boolean management,
      Map<String, String> otherConfig,
      boolean disallowUnplug,
      Ipv6ConfigurationMode ipv6ConfigurationMode,
      List<String> ipv6,
      String ipv6Gateway,
      PrimaryAddressType primaryAddressType,
      boolean managed,
      Map<String, String> properties) {
    return resources
        .store()
        .transact(tx ->
            PifRecords.introduce(
                tx,
                PifRecords.blank()
                    .with(b ->
                        b.device(device)
                            .network(network)
                            .host(host)
                            .mac(Macs.checked(mac))
                            .mtu(mtu)
                            .vlan(vlan)
                            .physical(physical)
                            .ipConfigurationMode(ipConfigurationMode)
                            .ip(ip)
                            .netmask(netmask)
                            .gateway(gateway)
                            .dns(dns)
                            .bondSlaveOf(bondSlaveOf)
                            .vlanMasterOf(vlanMasterOf)
                            .management(management)
                            .otherConfig(otherConfig)
                            .disallowUnplug(disallowUnplug)
                            .ipv6ConfigurationMode(ipv6ConfigurationMode)
                            .ipv6(ipv6)
                            .ipv6Gateway(ipv6Gateway)
                            .primaryAddressType(primaryAddressType)
                            .managed(managed)
                            .properties(properties))));
  }

  @Override
  public void destroy(Call call, Ref<Pif> self) {
    Pif pif = resources.store().snapshot().get(ApiModel.PIF, self);
    var driver = resources.drivers().network();
    if (pif.physical()) {
      throw ApiErrors.pifIsPhysical(self.text());
    }
    if (pif.bondMasterOf().isEmpty()) {
      resources.operations().run(call, new RemovePif(driver, self));
    } else {
      resources
          .operations()
          .run(call, new DestroyBond(driver, pif.bondMasterOf().iterator().next()));
    }
  }

  @Override
  public void forget(Call call, Ref<Pif> self) {
    resources
        .store()
        .change(tx -> {
          Pif pif = tx.get(ApiModel.PIF, self);
          if (pif.management()) {
            throw ApiErrors.pifIsManagementInterface(self.text());
          }
          if (!pif.tunnelTransportPifOf().isEmpty()) {
            throw ApiErrors.pifTunnelStillExists(self.text());
          }
          if (!pif.vlanSlaveOf().isEmpty()) {
            throw ApiErrors.pifVlanStillExists(self.text());
          }
          if (!pif.bondSlaveOf().isNull()) {
            throw ApiErrors.pifAlreadyBonded(self.text());
          }
          PifRules.checkUnused(tx, pif.network(), pif.host());
          PifRecords.delete(tx, self);
        });
  }

  @Override
  public Ref<Pif> introduce(Call call, Ref<Host> host, String mac, String device, boolean managed) {
    String wanted = mac.isEmpty() ? "" : Macs.checked(mac);
    Interface found =
        interfaces(resources.store().snapshot(), host).stream()
            .filter(i -> wanted.isEmpty() || i.mac().toLowerCase(Locale.ROOT).equals(wanted))
            .filter(i -> device.isEmpty() || i.device().equals(device))
            .findFirst()
            .orElseThrow(() ->
                wanted.isEmpty() ? ApiErrors.pifDeviceNotFound() : ApiErrors.macDoesNotExist(mac));
    return resources
        .store()
        .transact(tx -> {
          if (PifRecords.find(tx, host, found.device()).isPresent()) {
            throw ApiErrors.deviceAlreadyExists(found.device());
          }
          Standing standing = new Standing(false, managed, shared(tx, host));
          return PifRecords.make(tx, host, PifRecords.networkOf(tx, found), found, standing);
        });
  }

  /**
   * Adds records for interfaces that have none, and brings the others up to date. A new one is the
   * machine's own until somebody plugs it.
   */
  @Override
  public void scan(Call call, Ref<Host> host) {
    List<Interface> found = interfaces(resources.store().snapshot(), host);
    resources
        .store()
        .change(tx -> {
          Standing standing = new Standing(false, true, shared(tx, host));
          found.forEach(one -> PifRecords.refresh(tx, host, one, standing));
        });
  }

  /** Whether VMs use the interfaces without any of them being plugged: there are no bridges. */
  private boolean shared(Snapshot state, Ref<Host> host) {
    UUID uuid = HostId.of(state, host);
    return !resources.drivers().network().abilities(uuid).bridges();
  }

  private List<Interface> interfaces(Snapshot state, Ref<Host> host) {
    UUID uuid = HostId.of(state, host);
    return resources.drivers().network().interfaces(uuid);
  }
}
