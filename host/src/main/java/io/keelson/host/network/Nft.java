package io.keelson.host.network;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.PortSpec.Filter;
import io.keelson.host.PortSpec.Guard;
import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What a guest may send, as nftables rules where its frames enter the host: one table a card, named
 * after its device.
 */
final class Nft {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private Nft() {}

  /** Whether this process may have such rules here: it makes and removes one. */
  static boolean works() {
    try {
      set("lo", "02:00:00:00:00:00", new Guard(new Filter.Open(), 1_000_000));
      clear("lo");
      return true;
    } catch (DriverException e) {
      return false;
    }
  }

  /** Replaces the rules of a device in one go. */
  static void set(String device, String mac, Guard guard) {
    Path file = CommandFile.write(rules(device, mac, guard));
    try {
      run("-f", file.toString());
    } finally {
      CommandFile.remove(file);
    }
  }

  /** Removes the rules of a device; there may be none. */
  static void clear(String device) {
    Path file = CommandFile.write(List.of("table netdev " + table(device), remove(device)));
    try {
      run("-f", file.toString());
    } finally {
      CommandFile.remove(file);
    }
  }

  static List<String> rules(String device, String mac, Guard guard) {
    List<String> lines = new ArrayList<>();
    lines.add("table netdev " + table(device));
    lines.add(remove(device));
    lines.add("table netdev " + table(device) + " {");
    lines.add("chain sent {");
    boolean open = guard.filter() instanceof Filter.Open;
    lines.add(
        "type filter hook ingress device \""
            + device
            + "\" priority 0; policy "
            + (open ? "accept;" : "drop;"));
    if (guard.kilobytesPerSecond() > 0) {
      long rate = guard.kilobytesPerSecond();
      lines.add(
          "limit rate over "
              + rate
              + " kbytes/second burst "
              + Math.max(rate / 10, 16)
              + " kbytes drop");
    }
    if (guard.filter() instanceof Filter.Locked(List<String> ipv4, List<String> ipv6)) {
      lines.add("ether saddr != " + mac + " drop");
      if (!ipv4.isEmpty()) {
        String set = "{ " + String.join(", ", ipv4) + " }";
        lines.add(
            "ether type arp arp saddr ether "
                + mac
                + " arp saddr ip { 0.0.0.0, "
                + String.join(", ", ipv4)
                + " } accept");
        lines.add("ether type ip ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept");
        lines.add("ether type ip ip saddr " + set + " accept");
      }
      lines.addAll(neighbours(ipv6));
    }
    lines.add("}");
    lines.add("}");
    return lines;
  }

  /** A guest may look for its neighbours and answer for itself; it is no router. */
  private static List<String> neighbours(List<String> ipv6) {
    List<String> lines = new ArrayList<>();
    for (String ip : ipv6) {
      String target = " @th,64,128 " + hex(ip) + " accept";
      lines.add("ether type ip6 ip6 saddr :: icmpv6 type nd-neighbor-solicit" + target);
      lines.add("ether type ip6 ip6 saddr " + ip + " icmpv6 type nd-neighbor-advert" + target);
    }
    lines.add(
        "ether type ip6 icmpv6 type { nd-neighbor-advert, nd-router-advert, nd-redirect } drop");
    ipv6.forEach(ip -> lines.add("ether type ip6 ip6 saddr " + ip + " accept"));
    return lines;
  }

  private static String hex(String ip) {
    try {
      return "0x" + HexFormat.of().formatHex(InetAddress.getByName(ip).getAddress());
    } catch (UnknownHostException e) {
      throw new DriverException(Reason.INVALID, "no IPv6 address: " + ip, e);
    }
  }

  /** Makes it possible to remove what may not be there, which nft takes for an error. */
  private static String remove(String device) {
    return "delete table netdev " + table(device);
  }

  private static String table(String device) {
    return "keelson_" + device;
  }

  private static void run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("nft"));
    command.addAll(List.of(arguments));
    Outcome outcome = Program.run(LIMIT, command);
    if (!outcome.ok()) {
      throw new DriverException(Reason.UNSUPPORTED, outcome.complaint());
    }
  }
}
