package io.keelson.host.network;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.IpSettings;
import io.keelson.host.IpSettings.Ipv4;
import io.keelson.host.IpSettings.Ipv6;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Gives the host its own addresses on bridges. */
record HostAddresses(Path run) {

  void apply(String bridge, IpSettings settings) {
    DhcpClient client = new DhcpClient(run, bridge);
    if (!(settings.v4() instanceof Ipv4.Kept || settings.v4() instanceof Ipv4.Dhcp)) {
      client.stop();
    }
    switch (settings.v4()) {
      case Ipv4.Kept _ -> {}
      case Ipv4.None _ -> Kernel.ip("-4", "address", "flush", "dev", bridge, "scope", "global");
      case Ipv4.Dhcp _ -> client.start();
      case Ipv4.Static fixed -> set(bridge, fixed);
    }
    switch (settings.v6()) {
      case Ipv6.Kept _ -> {}
      case Ipv6.None _ -> {
        setting(bridge, "accept_ra", "0");
        Kernel.ip("-6", "address", "flush", "dev", bridge, "scope", "global");
      }
      case Ipv6.Autoconf _ -> setting(bridge, "accept_ra", "2");
      case Ipv6.Dhcp _ ->
          throw new DriverException(Reason.UNSUPPORTED, "there is no DHCPv6 client here");
      case Ipv6.Static fixed -> set(bridge, fixed);
    }
  }

  /** Lets go of what runs in the background for a bridge. */
  void release(String bridge) {
    new DhcpClient(run, bridge).stop();
  }

  private static void set(String bridge, Ipv4.Static fixed) {
    String address = fixed.address() + "/" + fixed.prefix();
    List<String> lines = new ArrayList<>();
    // With the first address of a subnet the kernel removes the others of it.
    others(bridge, address, "-4")
        .forEach(other -> lines.add("address delete " + other + " dev " + bridge));
    lines.add("address replace " + address + " broadcast + dev " + bridge);
    if (!fixed.gateway().isEmpty()) {
      lines.add("route replace default via " + fixed.gateway() + " dev " + bridge);
    }
    run(lines);
    if (fixed.gateway().isEmpty()) {
      // There may be none, which is no failure.
      Kernel.ask("-4", "route", "delete", "default", "dev", bridge);
    }
  }

  private static void set(String bridge, Ipv6.Static fixed) {
    setting(bridge, "accept_ra", "0");
    List<String> lines = new ArrayList<>();
    lines.add("address replace " + fixed.address() + " dev " + bridge + " nodad");
    others(bridge, fixed.address(), "-6")
        .forEach(other -> lines.add("address delete " + other + " dev " + bridge));
    if (!fixed.gateway().isEmpty()) {
      lines.add("route replace default via " + fixed.gateway() + " dev " + bridge);
    }
    run(lines);
  }

  private static void run(List<String> lines) {
    Kernel.batch(lines)
        .ifPresent(complaint -> {
          throw Kernel.failure(complaint);
        });
  }

  private static Stream<String> others(String bridge, String address, String family) {
    String known = Kernel.ask(family, "-o", "address", "show", "dev", bridge, "scope", "global");
    return CardAddresses.parse(known, "").addresses().stream()
        .filter(other -> !other.equals(address));
  }

  private static void setting(String bridge, String name, String value) {
    Path file = Path.of("/proc/sys/net/ipv6/conf", bridge, name);
    try {
      Files.writeString(file, value);
    } catch (IOException e) {
      throw new DriverException(Reason.UNSUPPORTED, "this machine has no IPv6: " + file, e);
    }
  }
}
