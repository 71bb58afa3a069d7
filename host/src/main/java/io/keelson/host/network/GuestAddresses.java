package io.keelson.host.network;

import io.keelson.host.AddressService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Hands out addresses to guests: one dnsmasq a bridge, which does nothing else. */
record GuestAddresses(Path run) {

  /** Starts to, or lets the one that runs know of a change. */
  void serve(String bridge, AddressService service) {
    Kernel.ip("address", "replace", service.address() + "/" + service.prefix(), "dev", bridge);
    write(bridge, service);
    Daemon daemon = daemon(bridge);
    if (daemon.process().isPresent()) {
      daemon.reload();
    } else {
      daemon.start(command(bridge, service));
    }
  }

  void stop(String bridge) {
    daemon(bridge).stop();
  }

  private void write(String bridge, AddressService service) {
    List<String> lines =
        service.leases().entrySet().stream()
            .map(lease -> lease.getKey() + "," + lease.getValue())
            .sorted()
            .toList();
    try {
      Files.createDirectories(run);
      Files.write(leases(bridge), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Addresses only, no names, no router; and only to the cards that are listed. It keeps this
   * process's user and, told none, its group.
   */
  private List<String> command(String bridge, AddressService service) {
    return List.of(
        "dnsmasq",
        "--conf-file=/dev/null",
        "--port=0",
        "--interface=" + bridge,
        "--except-interface=lo",
        "--bind-interfaces",
        "--no-ping",
        "--dhcp-authoritative",
        "--dhcp-range=" + service.address() + ",static," + Interfaces.netmask(service.prefix()),
        "--dhcp-option=option:router",
        "--dhcp-hostsfile=" + leases(bridge),
        "--leasefile-ro",
        "--user=" + System.getProperty("user.name"),
        "--group=",
        "--pid-file=" + pidFile(bridge));
  }

  private Daemon daemon(String bridge) {
    return new Daemon(pidFile(bridge));
  }

  private Path leases(String bridge) {
    return run.resolve("leases-" + bridge);
  }

  private Path pidFile(String bridge) {
    return run.resolve("dnsmasq-" + bridge + ".pid");
  }
}
