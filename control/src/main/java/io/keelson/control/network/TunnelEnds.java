package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.model.Network;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Tunnel;
import io.keelson.host.Uplink;
import io.keelson.host.Uplink.Tunnel.Protocol;
import io.keelson.store.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Where a tunnel leads: to the tunnels of other hosts on the same network, and to the addresses
 * that its other_config names. That also says the protocol and the key; both ends must agree.
 */
final class TunnelEnds {
  /** gre, which is the default, or vxlan. */
  private static final String PROTOCOL = "protocol";

  /** A number of 24 bits; without it, one that follows from the network. */
  private static final String KEY = "key";

  /** IP addresses, separated by commas. */
  private static final String REMOTES = "remote_ips";

  private static final long KEYS = 0xffffff;

  private TunnelEnds() {}

  static Uplink of(Snapshot state, Tunnel tunnel, Pif access) {
    Network network = state.get(ApiModel.NETWORK, access.network());
    List<String> remotes = new ArrayList<>();
    for (var ref : network.pifs()) {
      Pif other = state.get(ApiModel.PIF, ref);
      if (!other.host().equals(access.host())) {
        other.tunnelAccessPifOf().stream()
            .map(t -> state.get(ApiModel.TUNNEL, t).transportPif())
            .map(pif -> state.get(ApiModel.PIF, pif).ip())
            .filter(ip -> !ip.isEmpty())
            .forEach(remotes::add);
      }
    }
    for (String ip : tunnel.otherConfig().getOrDefault(REMOTES, "").split(",")) {
      if (!ip.isBlank()) {
        remotes.add(Addresses.checked(ip.strip(), REMOTES));
      }
    }
    Protocol protocol =
        tunnel.otherConfig().getOrDefault(PROTOCOL, "gre").equals("vxlan")
            ? Protocol.VXLAN
            : Protocol.GRE;
    return new Uplink.Tunnel(
        protocol, key(tunnel, network), remotes.stream().distinct().sorted().toList());
  }

  private static long key(Tunnel tunnel, Network network) {
    String text = tunnel.otherConfig().getOrDefault(KEY, "");
    if (text.matches("\\d{1,8}")) {
      return Long.parseLong(text) & KEYS;
    }
    CRC32 sum = new CRC32();
    sum.update(network.uuid().getBytes(StandardCharsets.UTF_8));
    return sum.getValue() & KEYS;
  }
}
