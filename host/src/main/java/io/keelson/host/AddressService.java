package io.keelson.host;

import java.util.Map;

/**
 * Addresses that the host hands out to guests on a network (DHCP).
 *
 * @param address the host's own there
 * @param prefix length of the network's prefix
 * @param leases each card's IPv4 address, by MAC address
 */
public record AddressService(String address, int prefix, Map<String, String> leases) {
  public AddressService {
    leases = Map.copyOf(leases);
  }
}
