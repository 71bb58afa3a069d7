package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.model.Pif;
import io.keelson.host.IpSettings;
import io.keelson.host.IpSettings.Ipv4;
import io.keelson.host.IpSettings.Ipv6;
import io.keelson.host.Network.Addresses;
import java.util.HashMap;
import java.util.Map;

/** A host interface's addresses: as they are recorded, and as drivers take them. */
final class PifAddresses {
  /** Notes in other_config that somebody has said how the interface gets its addresses. */
  private static final String CONFIGURED = "ip_configured";

  private PifAddresses() {}

  /** Whether its addresses are not just as the machine had them. */
  static boolean configured(Pif pif) {
    return pif.otherConfig().containsKey(CONFIGURED);
  }

  static Pif configured(Pif pif, boolean configured) {
    Map<String, String> config = new HashMap<>(pif.otherConfig());
    if (configured) {
      config.put(CONFIGURED, "true");
    } else {
      config.remove(CONFIGURED);
    }
    return pif.with(b -> b.otherConfig(Map.copyOf(config)));
  }

  /** What nobody has configured stays as the machine has it, however it came by it. */
  static IpSettings settings(Pif pif) {
    return configured(pif) ? new IpSettings(v4(pif), v6(pif)) : IpSettings.KEPT;
  }

  private static Ipv4 v4(Pif pif) {
    return switch (pif.ipConfigurationMode()) {
      case NONE -> new Ipv4.None();
      case DHCP -> new Ipv4.Dhcp();
      case STATIC -> new Ipv4.Static(pif.ip(), prefix(pif.netmask()), pif.gateway());
    };
  }

  private static Ipv6 v6(Pif pif) {
    return switch (pif.ipv6ConfigurationMode()) {
      // It may have addresses by itself, and has a link's own anyway.
      case NONE -> new Ipv6.Kept();
      case DHCP -> new Ipv6.Dhcp();
      case AUTOCONF -> new Ipv6.Autoconf();
      case STATIC ->
          pif.ipv6().stream()
              .findFirst()
              .<Ipv6>map(address -> new Ipv6.Static(address, pif.ipv6Gateway()))
              .orElseGet(Ipv6.Kept::new);
    };
  }

  /** The record with the addresses that the host has on its bridge. */
  static Pif with(Pif pif, Addresses found) {
    return pif.with(b -> {
      b.ip(found.ip()).netmask(found.netmask()).ipv6(found.ipv6());
      b.gateway(found.gateway());
    });
  }

  /**
   * The length of a netmask's prefix.
   *
   * @throws io.keelson.api.ApiError INVALID_IP_ADDRESS_SPECIFIED
   */
  static int prefix(String netmask) {
    long bits = 0;
    for (String part : netmask.split("\\.", -1)) {
      bits = bits << 8 | (part.matches("\\d{1,3}") ? Long.parseLong(part) : 1L << 40);
    }
    int prefix = Long.bitCount(bits);
    if (bits >> 32 != 0 || bits != ((0xffffffffL << (32 - prefix)) & 0xffffffffL) || prefix == 0) {
      throw ApiErrors.invalidIpAddressSpecified("netmask");
    }
    return prefix;
  }
}
