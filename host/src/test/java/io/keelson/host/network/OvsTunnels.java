package io.keelson.host.network;

import static io.keelson.host.network.Lab.HOST;
import static io.keelson.host.network.Lab.in;
import static io.keelson.host.network.Lab.missesOut;
import static io.keelson.host.network.Lab.reaches;
import static io.keelson.host.network.Lab.sh;

import io.keelson.host.BridgeSpec;
import io.keelson.host.IpSettings;
import io.keelson.host.Uplink;
import io.keelson.host.Uplink.Tunnel.Protocol;
import java.nio.file.Path;
import java.util.List;

/** Two hosts, each with a switch of its own, and tunnels between them. */
final class OvsTunnels {
  private OvsTunnels() {}

  public static void main(String[] arguments) {
    if (arguments.length > 0) {
      host(arguments[0], arguments[1], Protocol.valueOf(arguments[2]));
      return;
    }
    for (String host : List.of("a", "b")) {
      sh("ip netns add " + host);
      sh("ip netns add guest" + host);
      in(host, "ip link set dev lo up");
    }
    sh("ip link add eth0 netns a type veth peer name eth0 netns b");
    guest("a", 1);
    guest("b", 2);
    start("a", "10.0.0.1", "10.0.0.2", Protocol.VXLAN);
    start("b", "10.0.0.2", "10.0.0.1", Protocol.VXLAN);
    reaches("guesta", "10.1.0.2");
    again("a", "10.0.0.1", "10.0.0.2", Protocol.GRE);
    missesOut("guesta", "10.1.0.2");
    again("b", "10.0.0.2", "10.0.0.1", Protocol.GRE);
    reaches("guesta", "10.1.0.2");
  }

  /** A guest's card, joined to the host's bridge by hand: the tunnel is what matters here. */
  private static void guest(String host, int number) {
    sh("ip link add tap0 netns " + host + " type veth peer name eth0 netns guest" + host);
    in(host, "ip link set dev tap0 up");
    in("guest" + host, "ip link set dev eth0 up");
    in("guest" + host, "ip address add 10.1.0." + number + "/24 dev eth0");
  }

  private static void start(String host, String own, String other, Protocol protocol) {
    in(host, "ip address add " + own + "/24 dev eth0");
    in(host, "ip link set dev eth0 up");
    in(host, "sh -c '" + InNamespace.openVswitch("/run/" + host).replace("'", "") + "'");
    again(host, own, other, protocol);
    in(host, "sh -c 'OVS_RUNDIR=/run/" + host + " ovs-vsctl add-port xapi1 tap0'");
  }

  private static void again(String host, String own, String other, Protocol protocol) {
    String java = InNamespace.java(OvsTunnels.class).replace("'", "");
    in(
        host,
        "sh -c 'OVS_RUNDIR=/run/"
            + host
            + " "
            + java
            + " "
            + own
            + " "
            + other
            + " "
            + protocol
            + "'");
  }

  private static void host(String own, String other, Protocol protocol) {
    LinuxNetwork network = LinuxNetwork.detect(Path.of("/run/keelson"));
    network.ensureBridge(
        HOST, new BridgeSpec("xenbr0", 1500, new Uplink.Card("eth0"), IpSettings.KEPT));
    network.ensureBridge(
        HOST,
        new BridgeSpec(
            "xapi1", 1400, new Uplink.Tunnel(protocol, 42, List.of(other)), IpSettings.KEPT));
    Lab.require(network.addresses(HOST, "xenbr0").ip().equals(own), "it kept its address");
  }
}
