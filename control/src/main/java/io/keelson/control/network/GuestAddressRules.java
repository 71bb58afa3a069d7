package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.host.GuestAddressing.Address;
import io.keelson.host.GuestAddressing.Family;
import java.math.BigInteger;
import java.net.InetAddress;

/** Which addresses a guest can be given. */
final class GuestAddressRules {
  private GuestAddressRules() {}

  /**
   * An address with its prefix, and a router that it reaches.
   *
   * @throws io.keelson.api.ApiError INVALID_IP_ADDRESS_SPECIFIED with the parameter that is wrong
   */
  static Address checked(Family family, String address, String gateway) {
    int slash = address.indexOf('/');
    String prefix = address.substring(slash + 1);
    if (slash < 0 || !prefix.matches("\\d{1,3}") || Integer.parseInt(prefix) > bits(family)) {
      throw ApiErrors.invalidIpAddressSpecified("address");
    }
    int length = Integer.parseInt(prefix);
    InetAddress ip = parsed(family, address.substring(0, slash), "address");
    boolean usable =
        length > 0
            && !ip.isAnyLocalAddress()
            && !ip.isMulticastAddress()
            && !ip.isLoopbackAddress()
            && !isNameOfNetwork(family, ip, length);
    if (!usable) {
      throw ApiErrors.invalidIpAddressSpecified("address");
    }
    if (!gateway.isEmpty()) {
      InetAddress router = parsed(family, gateway, "gateway");
      boolean near =
          network(router, length).equals(network(ip, length))
              || (family == Family.IPV6 && router.isLinkLocalAddress());
      if (!near || router.equals(ip)) {
        throw ApiErrors.invalidIpAddressSpecified("gateway");
      }
    }
    return new Address(address, gateway);
  }

  private static InetAddress parsed(Family family, String text, String parameter) {
    String checked =
        switch (family) {
          case IPV4 -> Addresses.v4(text, parameter);
          case IPV6 -> Addresses.v6(text, parameter);
        };
    try {
      return InetAddress.ofLiteral(checked);
    } catch (IllegalArgumentException e) {
      throw ApiErrors.invalidIpAddressSpecified(parameter);
    }
  }

  private static int bits(Family family) {
    return switch (family) {
      case IPV4 -> 32;
      case IPV6 -> 128;
    };
  }

  /** The first and the last address of an IPv4 network mean all of it. */
  private static boolean isNameOfNetwork(Family family, InetAddress ip, int length) {
    if (family == Family.IPV6 || length >= bits(family) - 1) {
      return false;
    }
    BigInteger hosts = BigInteger.ONE.shiftLeft(bits(family) - length).subtract(BigInteger.ONE);
    BigInteger host = new BigInteger(1, ip.getAddress()).and(hosts);
    return host.signum() == 0 || host.equals(hosts);
  }

  private static BigInteger network(InetAddress ip, int length) {
    byte[] bytes = ip.getAddress();
    return new BigInteger(1, bytes).shiftRight(bytes.length * Byte.SIZE - length);
  }
}
