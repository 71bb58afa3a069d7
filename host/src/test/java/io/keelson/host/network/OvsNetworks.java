package io.keelson.host.network;

import static io.keelson.host.network.Lab.HOST;
import static io.keelson.host.network.Lab.cable;
import static io.keelson.host.network.Lab.in;
import static io.keelson.host.network.Lab.missesOut;
import static io.keelson.host.network.Lab.reaches;
import static io.keelson.host.network.Lab.require;
import static io.keelson.host.network.Lab.sh;

import io.keelson.host.BridgeSpec;
import io.keelson.host.IpSettings;
import io.keelson.host.IpSettings.Ipv4;
import io.keelson.host.IpSettings.Ipv6;
import io.keelson.host.Network.Interface;
import io.keelson.host.PortSpec.Guard;
import io.keelson.host.Uplink;
import io.keelson.host.network.Lab.Guest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A card with an address becomes a bridge's uplink, carries VLANs, and becomes part of a bond. */
final class OvsNetworks {
  private static final Uplink CARD = new Uplink.Card("eth0");

  private OvsNetworks() {}

  public static void main(String[] arguments) {
    LinuxNetwork network = LinuxNetwork.detect(Path.of("/run/keelson"));
    require(network.backend(HOST).equals("openvswitch"), "Open vSwitch is there");
    sh("ip netns add switch");
    in("switch", "ip link add br0 type bridge forward_delay 0");
    in("switch", "ip link set dev br0 up");
    cable("eth0", "switch", "p0");
    cable("eth1", "switch", "p1");
    in("switch", "ip link set dev p0 master br0");
    in("switch", "ip link set dev p1 master br0");
    in("switch", "ip address add 10.0.0.100/24 dev br0");
    sh("ip address add 10.0.0.1/24 dev eth0");
    sh("ip route add default via 10.0.0.100 dev eth0");
    require(ip(network, "eth0").equals("10.0.0.1 10.0.0.100"), "the card has its address");

    takesTheCard(network);
    vlansAreApart(network);
    bonds(network);

    network.ensureBridge(HOST, new BridgeSpec("xenbr0", 1500, CARD, IpSettings.KEPT));
    network.removeBridge(HOST, "xapi9");
    require(ip(network, "eth0").equals("10.0.0.1 10.0.0.100"), "the address comes back");
    network.removeBridge(HOST, "xenbr0");
    require(sh("ip -o -4 address show dev eth0").contains("10.0.0.1/24"), "on the card itself");
    require(sh("ip route show default").contains("dev eth0"), "with its route");
    reaches("switch", "10.0.0.1");
    // The VLAN had moved into the bond's bridge, and went with it.
    require(network.bridges(HOST).equals(Set.of("xapi3")), "ours: " + network.bridges(HOST));
  }

  private static void takesTheCard(LinuxNetwork network) {
    BridgeSpec taken = new BridgeSpec("xenbr0", 1500, CARD, IpSettings.KEPT);
    network.ensureBridge(HOST, taken);
    network.ensureBridge(HOST, taken);
    require(sh("ip -o -4 address show dev xenbr0").contains("10.0.0.1/24"), "on the bridge");
    require(sh("ip -o -4 address show dev eth0").isBlank(), "and not on the card");
    require(sh("ip route show default").contains("dev xenbr0"), "the route too");
    require(ip(network, "eth0").equals("10.0.0.1 10.0.0.100"), "it counts as the card's");
    require(
        ip(LinuxNetwork.detect(Path.of("/run/keelson")), "eth0").startsWith("10.0.0.1"),
        "later too");
    reaches("switch", "10.0.0.1");
    Guest guest = Guest.make("g1", 1, "10.0.0.11/24");
    network.attach(HOST, guest.vm(), 0, guest.port("xenbr0", Guard.NONE));
    reaches("g1", "10.0.0.100");
    // The machine restarts and gives its card the address again.
    sh("ip address add 10.0.0.1/24 dev eth0");
    network.ensureBridge(HOST, taken);
    require(sh("ip -o -4 address show dev eth0").isBlank(), "moved again");
    network.ensureBridge(
        HOST, taken.with(new Ipv4.Static("10.0.0.2", 24, "10.0.0.100"), new Ipv6.None()));
    reaches("switch", "10.0.0.2");
    missesOut("switch", "10.0.0.1");
    network.ensureBridge(
        HOST, taken.with(new Ipv4.Static("10.0.0.1", 24, "10.0.0.100"), new Ipv6.Kept()));
  }

  private static void vlansAreApart(LinuxNetwork network) {
    Guest two = Guest.make("g2", 2, "10.0.0.12/24");
    Guest three = Guest.make("g3", 3, "10.0.0.13/24");
    Guest four = Guest.make("g4", 4, "10.0.0.14/24");
    network.ensureBridge(HOST, vlan("xapi1", 42));
    network.ensureBridge(HOST, vlan("xapi2", 43));
    network.attach(HOST, two.vm(), 0, two.port("xapi1", Guard.NONE));
    network.attach(HOST, three.vm(), 0, three.port("xapi1", Guard.NONE));
    network.attach(HOST, four.vm(), 0, four.port("xapi2", Guard.NONE));
    reaches("g2", "10.0.0.13");
    missesOut("g2", "10.0.0.14");
    missesOut("g2", "10.0.0.11");
    missesOut("g2", "10.0.0.100");
    network.attach(HOST, four.vm(), 0, four.port("xapi1", Guard.NONE));
    reaches("g2", "10.0.0.14");
    network.removeBridge(HOST, "xapi2");
    network.ensureBridge(HOST, BridgeSpec.inner("xapi3", 1500));
    network.attach(HOST, three.vm(), 0, three.port("xapi3", Guard.NONE));
    missesOut("g2", "10.0.0.13");
  }

  private static void bonds(LinuxNetwork network) {
    network.ensureBridge(HOST, bond(Uplink.Bond.Mode.ACTIVE_BACKUP));
    require(ip(network, "eth0").equals("10.0.0.1 10.0.0.100"), "the address is on the bond");
    network.ensureBridge(
        HOST,
        new BridgeSpec("xapi1", 1500, new Uplink.Vlan("xapi9", "bond0", 42), IpSettings.KEPT));
    reaches("switch", "10.0.0.1");
    require(network.bond(HOST, "xapi9").up().size() == 2, "both have a link");
    String active = network.bond(HOST, "xapi9").active();
    require(active.startsWith("eth"), "one is active: " + active);
    in("switch", "ip link set dev p" + active.substring(3) + " down");
    reaches("switch", "10.0.0.1");
    require(network.bond(HOST, "xapi9").up().size() == 1, "one has a link");
    require(!network.bond(HOST, "xapi9").active().equals(active), "the other is active");
    in("switch", "ip link set dev p" + active.substring(3) + " up");
    failsOver(network);
    network.ensureBridge(HOST, bond(Uplink.Bond.Mode.BALANCE_SLB));
    reaches("switch", "10.0.0.1");
    failsOver(network);
    network.ensureBridge(HOST, bond(Uplink.Bond.Mode.LACP));
    reaches("switch", "10.0.0.1");
  }

  /**
   * What is sent ten times a second is lost for less than a second when the link in use goes. The
   * machine may be too busy for that now and then, so one of a few times counts.
   */
  private static void failsOver(LinuxNetwork network) {
    int fewest = Integer.MAX_VALUE;
    for (int attempt = 0; attempt < 4 && fewest >= 10; attempt++) {
      for (int i = 0; network.bond(HOST, "xapi9").up().size() < 2; i++) {
        require(i < 100, "both have a link again");
        reaches("switch", "10.0.0.1");
      }
      String member = network.bond(HOST, "xapi9").active();
      String link = "ip netns exec switch ip link set dev p" + member.substring(3);
      String ping = "ip netns exec switch busybox ping -q -i 0.1 -c 40 -W 2 10.0.0.1";
      String count =
          sh("(sleep 1; " + link + " down) & " + ping + " || true; wait; " + link + " up");
      String[] words = count.substring(0, count.indexOf(" packets received")).split(" ");
      fewest = Math.min(fewest, 40 - Integer.parseInt(words[words.length - 1]));
    }
    require(fewest < 10, "without loss beyond a second: " + fewest + " of 40 were lost");
  }

  private static BridgeSpec vlan(String bridge, int tag) {
    return new BridgeSpec(bridge, 1500, new Uplink.Vlan("xenbr0", "eth0", tag), IpSettings.KEPT);
  }

  private static BridgeSpec bond(Uplink.Bond.Mode mode) {
    String mac = Kernel.mac("eth0");
    return new BridgeSpec(
        "xapi9",
        1500,
        new Uplink.Bond("bond0", List.of("eth0", "eth1"), mode, mac, Map.of()),
        IpSettings.KEPT);
  }

  private static String ip(LinuxNetwork network, String card) {
    Interface found =
        network.interfaces(HOST).stream()
            .filter(i -> i.device().equals(card))
            .findFirst()
            .orElseThrow();
    return found.ip() + " " + found.gateway();
  }
}
