package io.keelson.server.firstboot;

import io.keelson.host.Drivers;
import io.keelson.host.HypervisorFacts;
import io.keelson.host.Machine;
import io.keelson.host.Network;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * All that the drivers say of a host.
 *
 * @param address that its server listens on
 */
record HostFacts(
    UUID host,
    String address,
    Machine.Facts machine,
    Machine.Load load,
    HypervisorFacts hypervisor,
    String networkBackend,
    List<Network.Interface> interfaces) {
  HostFacts {
    interfaces = List.copyOf(interfaces);
  }

  static HostFacts of(Drivers drivers, UUID host, String address) {
    return new HostFacts(
        host,
        address,
        drivers.machine().facts(host),
        drivers.machine().load(host),
        drivers.compute().hypervisor(host),
        drivers.network().backend(host),
        drivers.network().interfaces(host));
  }

  /** The interface over which the host is managed: the one of the default route. */
  Optional<String> management() {
    return manager().map(Network.Interface::device);
  }

  private Optional<Network.Interface> manager() {
    return interfaces.stream()
        .filter(i -> !i.gateway().isEmpty())
        .findFirst()
        .or(() -> interfaces.stream().filter(i -> !i.ip().isEmpty()).findFirst());
  }

  /** Where others reach the host; a server that listens on all addresses is at that interface's. */
  String reached() {
    return InetAddress.ofLiteral(address).isAnyLocalAddress()
        ? manager().map(Network.Interface::ip).filter(ip -> !ip.isEmpty()).orElse(address)
        : address;
  }
}
