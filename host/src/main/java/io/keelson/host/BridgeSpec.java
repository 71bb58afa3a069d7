package io.keelson.host;

import io.keelson.host.IpSettings.Ipv4;
import io.keelson.host.IpSettings.Ipv6;

/**
 * What a network is on a host: a switch that joins the cards of its guests, and perhaps more.
 *
 * @param name of the bridge
 * @param mtu bytes
 * @param uplink what joins it to the world beyond the host
 * @param ip the host's own address on the network
 */
public record BridgeSpec(String name, int mtu, Uplink uplink, IpSettings ip) {

  /** A network that lives on the host alone. */
  public static BridgeSpec inner(String name, int mtu) {
    return new BridgeSpec(name, mtu, new Uplink.None(), IpSettings.KEPT);
  }

  public BridgeSpec with(Ipv4 v4, Ipv6 v6) {
    return new BridgeSpec(name, mtu, uplink, new IpSettings(v4, v6));
  }
}
