package io.keelson.host.network;

import static io.keelson.host.network.Lab.HOST;
import static io.keelson.host.network.Lab.in;
import static io.keelson.host.network.Lab.missesOut;
import static io.keelson.host.network.Lab.reaches;
import static io.keelson.host.network.Lab.require;

import io.keelson.host.BridgeSpec;
import io.keelson.host.PortSpec.Filter;
import io.keelson.host.PortSpec.Guard;
import io.keelson.host.Traffic;
import io.keelson.host.network.Lab.Guest;
import java.nio.file.Path;
import java.util.List;

/** What a guest may send: with either kind of bridge, whichever is found. */
final class Guards {
  private static final Guard LOCKED =
      new Guard(new Filter.Locked(List.of("10.0.0.11"), List.of("fd00::11")), 0);

  private Guards() {}

  public static void main(String[] arguments) {
    LinuxNetwork network = LinuxNetwork.detect(Path.of("/run/keelson"));
    require(network.abilities(HOST).guards(), "the host can filter");
    network.ensureBridge(HOST, BridgeSpec.inner("xapi0", 1500));
    Guest one = Guest.make("g1", 1, "10.0.0.11/24");
    Guest two = Guest.make("g2", 2, "10.0.0.12/24");
    in("g1", "ip address add fd00::11/64 dev eth0 nodad");
    in("g2", "ip address add fd00::12/64 dev eth0 nodad");
    network.attach(HOST, two.vm(), 0, two.port("xapi0", Guard.NONE));
    network.attach(HOST, one.vm(), 0, one.port("xapi0", LOCKED));
    reaches("g1", "10.0.0.12");
    reaches("g2", "10.0.0.11");
    reaches("g1", "fd00::12");

    isCounted(network, one);
    in("g1", "ip address add 10.0.0.99/24 dev eth0");
    missesOut("g2", "10.0.0.99");
    in("g1", "ip address add fd00::99/64 dev eth0 nodad");
    missesOut("g2", "fd00::99");
    in("g1", "ip link set dev eth0 address 02:00:00:00:00:77");
    in("g2", "ip neighbour flush dev eth0");
    missesOut("g1", "10.0.0.12");
    in("g1", "ip link set dev eth0 address " + one.mac());
    reaches("g1", "10.0.0.12");

    network.attach(HOST, one.vm(), 0, one.port("xapi0", new Guard(new Filter.Closed(), 0)));
    missesOut("g1", "10.0.0.12");
    missesOut("g2", "10.0.0.11");
    network.attach(HOST, one.vm(), 0, one.port("xapi0", Guard.NONE));
    reaches("g2", "10.0.0.99");
    reaches("g2", "fd00::99");
    int free = Lab.answers("g1", "10.0.0.12");
    network.attach(HOST, one.vm(), 0, one.port("xapi0", new Guard(new Filter.Open(), 1)));
    int limited = Lab.answers("g1", "10.0.0.12");
    require(limited < free / 2, "the limit holds: " + limited + " of " + free);
    network.detach(HOST, one.vm(), 0);
    network.detach(HOST, two.vm(), 0);
    System.out.println("backend=" + network.backend(HOST));
  }

  /** What a guest sends to nobody who answers counts as sent by it, and not as received. */
  private static void isCounted(LinuxNetwork network, Guest guest) {
    Traffic before = network.traffic(HOST, guest.vm(), 0).orElseThrow();
    String datagram = "head -c 1000 /dev/zero >/dev/udp/10.0.0.12/9";
    in(guest.name(), "bash -c 'for i in $(seq 100); do " + datagram + "; done; true' 2>&1");
    Traffic after = network.traffic(HOST, guest.vm(), 0).orElseThrow();
    long sent = after.sentBytes() - before.sentBytes();
    long received = after.receivedBytes() - before.receivedBytes();
    require(sent > 50_000 && received < sent / 2, sent + " bytes sent, " + received + " received");
  }
}
