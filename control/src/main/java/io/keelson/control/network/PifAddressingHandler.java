package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PifAddressing;
import io.keelson.api.model.IpConfigurationMode;
import io.keelson.api.model.Ipv6ConfigurationMode;
import io.keelson.api.model.Pif;
import io.keelson.api.model.PrimaryAddressType;
import io.keelson.control.Resources;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * How hosts' interfaces get their addresses. Name servers are recorded, and left to the machine.
 */
record PifAddressingHandler(Resources resources) implements PifAddressing {
  private static final int LONGEST_PREFIX = 128;

  @Override
  public void reconfigureIp(
      Call call,
      Ref<Pif> self,
      IpConfigurationMode mode,
      String ip,
      String netmask,
      String gateway,
      String dns) {
    change(
        call,
        self,
        pif ->
            switch (mode) {
              case NONE -> {
                if (pif.management()) {
                  throw ApiErrors.pifIsManagementInterface(self.text());
                }
                yield with(pif, mode, "", "", "", "");
              }
              case DHCP -> with(pif, mode, "", "", "", "");
              case STATIC -> {
                int _ = PifAddresses.prefix(Addresses.v4(netmask, "netmask"));
                yield with(
                    pif,
                    mode,
                    Addresses.v4(ip, "IP"),
                    netmask,
                    gateway.isEmpty() ? "" : Addresses.v4(gateway, "gateway"),
                    names(dns));
              }
            });
  }

  private static Pif with(
      Pif pif, IpConfigurationMode mode, String ip, String netmask, String gateway, String dns) {
    return pif.with(
        b -> b.ipConfigurationMode(mode).ip(ip).netmask(netmask).gateway(gateway).dns(dns));
  }

  private static String names(String dns) {
    for (String name : dns.isEmpty() ? new String[0] : dns.split(",")) {
      Addresses.checked(name.strip(), "DNS");
    }
    return dns;
  }

  @Override
  public void reconfigureIpv6(
      Call call,
      Ref<Pif> self,
      Ipv6ConfigurationMode mode,
      String ipv6,
      String gateway,
      String dns) {
    change(
        call,
        self,
        pif ->
            switch (mode) {
              case NONE, DHCP, AUTOCONF ->
                  pif.with(b -> b.ipv6ConfigurationMode(mode).ipv6(List.of()).ipv6Gateway(""));
              case STATIC -> {
                String address = withPrefix(ipv6);
                String router = gateway.isEmpty() ? "" : Addresses.v6(gateway, "gateway");
                String servers = names(dns);
                yield pif.with(b ->
                    b.ipv6ConfigurationMode(mode)
                        .ipv6(List.of(address))
                        .ipv6Gateway(router)
                        .dns(servers.isEmpty() ? pif.dns() : servers));
              }
            });
  }

  private static String withPrefix(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 2
        || !parts[1].matches("\\d{1,3}")
        || Integer.parseInt(parts[1]) > LONGEST_PREFIX) {
      throw ApiErrors.invalidIpAddressSpecified("IPv6");
    }
    return Addresses.v6(parts[0], "IPv6") + "/" + parts[1];
  }

  @Override
  public void setPrimaryAddressType(
      Call call, Ref<Pif> self, PrimaryAddressType primaryAddressType) {
    resources
        .store()
        .change(tx ->
            tx.update(
                ApiModel.PIF, self, p -> p.with(b -> b.primaryAddressType(primaryAddressType))));
  }

  private void change(Call call, Ref<Pif> self, UnaryOperator<Pif> change) {
    resources.operations().run(call, new ConfigurePif(resources.drivers().network(), self, change));
  }
}
