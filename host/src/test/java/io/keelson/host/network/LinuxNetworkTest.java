package io.keelson.host.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.host.BridgeSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Network.Interface;
import io.keelson.host.NicAttachment;
import io.keelson.host.PortSpec;
import io.keelson.host.PortSpec.Guard;
import io.keelson.host.process.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LinuxNetworkTest {
  private static final UUID HOST = UUID.randomUUID();

  @TempDir Path folder;

  @Test
  void anOrdinaryUserHasUserModeNetworkingOrNoCarrier() {
    LinuxNetwork network = LinuxNetwork.unprivileged(folder);
    UUID vm = UUID.randomUUID();
    network.ensureBridge(HOST, BridgeSpec.inner("xenbr0", 1500));
    assertThat(network.backend(HOST)).isEqualTo("user");
    assertThat(network.attach(HOST, vm, 0, port("xenbr0", true)))
        .isEqualTo(new NicAttachment.User());
    assertThat(network.attach(HOST, vm, 1, port("xapi0", false)))
        .isEqualTo(new NicAttachment.Unconnected());
    network.detach(HOST, vm, 0);
    network.removeBridge(HOST, "xenbr0");
  }

  @Test
  void anInterfaceThatIsNotThereCannotBeChanged() {
    LinuxNetwork network = LinuxNetwork.unprivileged(folder);
    assertThat(
            catchThrowableOfType(
                    DriverException.class, () -> network.mergeReceived(HOST, "nowhere0", true))
                .reason())
        .isEqualTo(Reason.UNSUPPORTED);
    assertThat(
            catchThrowableOfType(
                    DriverException.class, () -> network.mergeReceived(HOST, "-a", true))
                .reason())
        .isEqualTo(Reason.INVALID);
  }

  @Test
  void namesAndSizesThatCannotBeAreInvalid() {
    LinuxNetwork network = LinuxNetwork.unprivileged(folder);
    for (String bridge : List.of("", "-x", "a b", "a/b", "sixteen-letters-", "a;b")) {
      assertThat(
              catchThrowableOfType(
                      DriverException.class,
                      () -> network.ensureBridge(HOST, BridgeSpec.inner(bridge, 1500)))
                  .reason())
          .isEqualTo(Reason.INVALID);
    }
    assertThat(
            catchThrowableOfType(
                    DriverException.class,
                    () -> network.ensureBridge(HOST, BridgeSpec.inner("xenbr0", 0)))
                .reason())
        .isEqualTo(Reason.INVALID);
  }

  @Test
  void bridgesAndTapsInANamespace() {
    assumeTrue(InNamespace.possible(), "no network namespaces with bridges here");
    // Without a database to be found, Open vSwitch does not answer.
    Outcome outcome = InNamespace.run(GuestNetworks.class, "export OVS_RUNDIR='" + folder + "'; ");
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output()).contains("backend=bridge");
  }

  @Test
  void receivedPacketsAreMergedOrNot() {
    assumeTrue(InNamespace.have("ethtool"), "no ethtool here");
    assumeTrue(InNamespace.possible(), "no network namespaces with bridges here");
    Outcome outcome = InNamespace.run(MergedPackets.class, "ip netns add elsewhere && ");
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output()).contains("merged");
  }

  @Test
  void openVswitchInANamespace() {
    assumeTrue(Files.isExecutable(Path.of("/usr/sbin/ovs-vswitchd")), "no Open vSwitch here");
    assumeTrue(InNamespace.possible(), "no network namespaces with bridges here");
    String start =
        """
        export OVS_RUNDIR='%1$s' OVS_LOGDIR='%1$s' OVS_DBDIR='%1$s'
        ovsdb-tool create '%1$s/conf.db' /usr/share/openvswitch/vswitch.ovsschema || exit 1
        ovsdb-server '%1$s/conf.db' --remote=punix:'%1$s/db.sock' --pidfile --detach \
          --log-file 2>/dev/null || exit 1
        ovs-vsctl --no-wait init || exit 1
        ovs-vswitchd --pidfile --detach --log-file 2>/dev/null || exit 1
        """
            .formatted(folder);
    Outcome outcome = InNamespace.run(GuestNetworks.class, start);
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output()).contains("backend=openvswitch");
  }

  @Test
  void theInterfaceOfTheDefaultRouteIsReal() {
    List<Interface> interfaces = LinuxNetwork.unprivileged(folder).interfaces(HOST);
    assertThat(interfaces)
        .extracting(Interface::device)
        .doesNotContain("lo")
        .doesNotHaveDuplicates();
    Set<String> seen = new HashSet<>();
    for (Interface each : interfaces) {
      seen.add(each.device());
      assertThat(each.mtu()).isPositive();
      if (!each.ip().isEmpty()) {
        assertThat(each.netmask()).matches("\\d+(\\.\\d+){3}");
      }
    }
    String table = readRoutes();
    Routes.read(table)
        .defaultInterface()
        .filter(name -> name.matches("(eth|en).*"))
        .ifPresent(name -> assertThat(seen).contains(name));
  }

  @Test
  void routesAreReadInTheKernelsForm() {
    Routes routes =
        Routes.read(
            """
            Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
            wlan0\t00000000\t0100A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
            eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
            eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
            """);
    assertThat(routes.defaultInterface()).contains("eth0");
    assertThat(routes.gateway("eth0")).contains("192.0.2.1");
    assertThat(routes.gateway("wlan0")).contains("192.168.0.1");
    assertThat(routes.gateway("eth1")).isEmpty();
    assertThat(Interfaces.netmask(24)).isEqualTo("255.255.255.0");
    assertThat(Interfaces.netmask(0)).isEqualTo("0.0.0.0");
    assertThat(Interfaces.netmask(32)).isEqualTo("255.255.255.255");
  }

  private static String readRoutes() {
    try {
      return Files.readString(Path.of("/proc/net/route"));
    } catch (IOException e) {
      return "";
    }
  }

  private static PortSpec port(String bridge, boolean uplink) {
    return new PortSpec(bridge, 1500, "02:00:00:00:00:01", uplink, Guard.NONE);
  }
}
