package io.keelson.host.network;

import static io.keelson.host.network.Lab.HOST;
import static io.keelson.host.network.Lab.require;
import static io.keelson.host.network.Lab.sh;

import io.keelson.host.AddressService;
import io.keelson.host.BridgeSpec;
import io.keelson.host.IpSettings;
import io.keelson.host.IpSettings.Ipv4;
import io.keelson.host.IpSettings.Ipv6;
import io.keelson.host.PortSpec.Guard;
import io.keelson.host.Uplink;
import io.keelson.host.network.Lab.Guest;
import java.nio.file.Path;
import java.util.Map;

/** A guest is handed its address, and a host gets one from its network. */
final class Leases {
  private Leases() {}

  public static void main(String[] arguments) {
    LinuxNetwork network = LinuxNetwork.detect(Path.of("/run/keelson"));
    network.ensureBridge(HOST, BridgeSpec.inner("xenapi", 1500));
    Guest guest = Guest.make("g1", 1, "192.0.2.9/32");
    AddressService service =
        new AddressService("169.254.0.1", 16, Map.of(guest.mac(), "169.254.0.7"));
    network.serveAddresses(HOST, "xenapi", service);
    network.serveAddresses(HOST, "xenapi", service);
    network.attach(HOST, guest.vm(), 0, guest.port("xenapi", Guard.NONE));
    require(asks("g1").contains("169.254.0.7"), "the guest has its address");
    network.serveAddresses(
        HOST, "xenapi", new AddressService("169.254.0.1", 16, Map.of(guest.mac(), "169.254.0.8")));
    require(asks("g1").contains("169.254.0.8"), "a change is heard");

    // Another machine of this one's network: its card is the cable to the first network.
    sh("ip link add eth0 type veth peer name kin0");
    sh(
        "ip link set dev kin0 master xenapi up 2>/dev/null"
            + " || { ovs-vsctl add-port xenapi kin0 && ip link set dev kin0 up; }");
    sh("ip link set dev eth0 address 02:00:00:00:00:01 up");
    network.detach(HOST, guest.vm(), 0);
    BridgeSpec own =
        new BridgeSpec("xenbr0", 1500, new Uplink.Card("eth0"), IpSettings.KEPT)
            .with(new Ipv4.Dhcp(), new Ipv6.Kept());
    network.ensureBridge(HOST, own);
    require(network.addresses(HOST, "xenbr0").ip().equals("169.254.0.8"), "the host has one");
    network.removeBridge(HOST, "xenbr0");
    network.stopServing(HOST, "xenapi");
    network.stopServing(HOST, "xenapi");
    require(!sh("ps axo args || true").contains("dnsmasq-xenapi"), "nothing goes on");
  }

  private static String asks(String namespace) {
    return sh(
        "ip netns exec "
            + namespace
            + " busybox udhcpc -i eth0 -f -q -n -t 6 -T 1 -s /bin/true 2>&1");
  }
}
