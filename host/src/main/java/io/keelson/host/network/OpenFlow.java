package io.keelson.host.network;

import io.keelson.host.PortSpec.Filter;
import io.keelson.host.PortSpec.Guard;
import java.util.ArrayList;
import java.util.List;

/**
 * What a guest may send, as flows of the switch's first table: what is allowed goes the normal way,
 * through a meter where there is a limit, and all else is dropped.
 *
 * @param cookie what marks the flows of this card
 * @param port of the card; also the number of its meter
 * @param mac of the card
 */
record OpenFlow(long cookie, int port, String mac) {
  private static final int NEIGHBOURS = 21_000;
  private static final int NO_NEIGHBOURS = 20_500;
  private static final int ALLOWED = 20_000;
  private static final int REST = 10_000;

  private static final int SOLICITATION = 135;
  private static final int ADVERTISEMENT = 136;

  /** The lines of one bundle, which replaces the card's flows. */
  List<String> bundle(Guard guard) {
    List<String> lines = new ArrayList<>();
    lines.add("delete " + mark() + "/-1");
    String pass =
        guard.kilobytesPerSecond() > 0 ? "actions=meter:" + port + ",NORMAL" : "actions=NORMAL";
    switch (guard.filter()) {
      case Filter.Open _ -> {
        if (guard.kilobytesPerSecond() > 0) {
          lines.add(flow(REST, "", pass));
        }
      }
      case Filter.Closed _ -> lines.add(flow(REST, "", "actions=drop"));
      case Filter.Locked(List<String> ipv4, List<String> ipv6) -> {
        if (!ipv4.isEmpty()) {
          lines.add(own(ALLOWED, "udp", "nw_src=0.0.0.0,tp_src=68,tp_dst=67", pass));
          lines.add(own(ALLOWED, "arp", "arp_sha=" + mac + ",arp_spa=0.0.0.0", pass));
        }
        ipv4.forEach(ip -> {
          lines.add(own(ALLOWED, "arp", "arp_sha=" + mac + ",arp_spa=" + ip, pass));
          lines.add(own(ALLOWED, "ip", "nw_src=" + ip, pass));
        });
        if (!ipv6.isEmpty()) {
          lines.addAll(neighbours(ipv6, pass));
        }
        ipv6.forEach(ip -> lines.add(own(ALLOWED, "ipv6", "ipv6_src=" + ip, pass)));
        lines.add(flow(REST, "", "actions=drop"));
      }
    }
    return lines;
  }

  /**
   * A guest may look for its neighbours and answer for itself; it may not answer for others, nor be
   * a router.
   */
  private List<String> neighbours(List<String> ipv6, String pass) {
    List<String> lines = new ArrayList<>();
    String ask = "icmp_type=" + SOLICITATION;
    for (String ip : ipv6) {
      lines.add(own(NEIGHBOURS, "icmp6", ask + ",ipv6_src=" + ip + ",nd_sll=" + mac, pass));
      lines.add(own(NEIGHBOURS, "icmp6", ask + ",ipv6_src=::,nd_target=" + ip, pass));
      lines.add(
          own(
              NEIGHBOURS,
              "icmp6",
              "icmp_type="
                  + ADVERTISEMENT
                  + ",ipv6_src="
                  + ip
                  + ",nd_target="
                  + ip
                  + ",nd_tll="
                  + mac,
              pass));
    }
    for (int type = SOLICITATION - 1; type <= ADVERTISEMENT + 1; type++) {
      lines.add(flow(NO_NEIGHBOURS, ",icmp6,icmp_type=" + type, "actions=drop"));
    }
    return lines;
  }

  /** Frames from the card's own address that carry no VLAN tag. */
  private String own(int priority, String protocol, String match, String actions) {
    return flow(priority, "," + protocol + ",vlan_tci=0,dl_src=" + mac + "," + match, actions);
  }

  private String flow(int priority, String match, String actions) {
    return "add " + mark() + ",priority=" + priority + ",in_port=" + port + match + "," + actions;
  }

  private String mark() {
    return "cookie=0x" + Long.toHexString(cookie);
  }

  /** The meter's bands, for {@code ovs-ofctl}. A burst is what passes in a tenth of a second. */
  String meter(long kilobytesPerSecond) {
    long kilobits = Math.multiplyExact(kilobytesPerSecond, 8L);
    return "meter="
        + port
        + ",kbps,burst,band=type=drop,rate="
        + kilobits
        + ",burst_size="
        + Math.max(kilobits / 10, 125);
  }
}
