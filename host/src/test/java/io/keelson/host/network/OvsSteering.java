package io.keelson.host.network;

import static io.keelson.host.network.Lab.HOST;
import static io.keelson.host.network.Lab.in;
import static io.keelson.host.network.Lab.missesOut;
import static io.keelson.host.network.Lab.reaches;
import static io.keelson.host.network.Lab.require;
import static io.keelson.host.network.Lab.sh;

import io.keelson.host.BridgeSpec;
import io.keelson.host.IpSettings;
import io.keelson.host.PortSpec.Filter;
import io.keelson.host.PortSpec.Guard;
import io.keelson.host.Uplink;
import io.keelson.host.network.Lab.Guest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Bridges take orders from a controller, while guests' cards stay within their bounds. */
final class OvsSteering {
  private static final Guard LOCKED =
      new Guard(new Filter.Locked(List.of("10.0.0.11"), List.of()), 0);

  private OvsSteering() {}

  public static void main(String[] arguments) throws IOException {
    LinuxNetwork network = LinuxNetwork.detect(Path.of("/run/keelson"));
    network.ensureBridge(HOST, BridgeSpec.inner("xapi0", 1500));
    network.ensureBridge(
        HOST, new BridgeSpec("xapi1", 1500, new Uplink.Vlan("xapi0", "eth0", 42), IpSettings.KEPT));
    Guest one = Guest.make("g1", 1, "10.0.0.11/24");
    Guest two = Guest.make("g2", 2, "10.0.0.12/24");
    network.attach(HOST, two.vm(), 0, two.port("xapi0", Guard.NONE));
    network.attach(HOST, one.vm(), 0, one.port("xapi0", LOCKED));
    in("g1", "ip address add 10.0.0.99/24 dev eth0");
    staysInBounds();

    try (ServerSocket controller = new ServerSocket(6653, 9, InetAddress.getLoopbackAddress())) {
      network.steer(HOST, Optional.of("127.0.0.1"));
      greets(controller);
      require(target("xapi0").equals("tcp:127.0.0.1:6653"), "it is steered: " + target("xapi0"));
    }
    // Now the controller is away.
    staysInBounds();
    network.ensureBridge(HOST, BridgeSpec.inner("xapi2", 1500));
    require(target("xapi2").equals("tcp:127.0.0.1:6653"), "a later one too");
    sh("ovs-ofctl -O OpenFlow14 add-flow xapi0 cookie=0x77,priority=30000,actions=NORMAL");
    sh("ovs-ofctl -O OpenFlow14 del-flows xapi2");
    network.steer(HOST, Optional.of("127.0.0.1"));
    require(sh("ovs-ofctl dump-flows xapi2").contains("NORMAL"), "a switch begins anew");
    require(sh("ovs-ofctl dump-flows xapi0").contains("0x77"), "the controller's flow stays");

    network.steer(HOST, Optional.of("2001:db8::1"));
    require(target("xapi0").equals("tcp:[2001:db8::1]:6653"), "another one: " + target("xapi0"));
    network.steer(HOST, Optional.empty());
    require(target("xapi0").isEmpty(), "it is steered no more");
    require(!sh("ovs-ofctl dump-flows xapi0").contains("0x77"), "nor by what was said before");
    require(sh("ovs-vsctl get-fail-mode xapi0").isBlank(), "as at first");
    staysInBounds();
  }

  private static void greets(ServerSocket controller) throws IOException {
    controller.setSoTimeout(20_000);
    try (Socket connection = controller.accept()) {
      byte[] head = connection.getInputStream().readNBytes(2);
      require(head.length == 2 && head[1] == 0, "a switch says hello");
    }
  }

  private static void staysInBounds() {
    reaches("g2", "10.0.0.11");
    missesOut("g2", "10.0.0.99");
  }

  private static String target(String bridge) {
    return sh("ovs-vsctl get-controller " + bridge).strip();
  }
}
