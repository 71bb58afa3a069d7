package io.keelson.host.sim;

import io.keelson.host.DomainSpec;
import io.keelson.host.GuestAddressing;
import io.keelson.host.GuestAddressing.Family;
import io.keelson.host.GuestReport;
import io.keelson.host.GuestReport.Card;
import io.keelson.host.GuestReport.Feature;
import io.keelson.host.GuestReport.OperatingSystem;
import io.keelson.host.NicSpec;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the agent of a simulated guest says: an address follows from each card's. */
final class SimulatedAgent {
  private static final OperatingSystem SYSTEM =
      new OperatingSystem("linux", "Simulated Linux", "1.0", "1.0.0-sim");

  private SimulatedAgent() {}

  static GuestReport report(SimulatedDomain domain) {
    DomainSpec spec = domain.spec();
    return new GuestReport(
        "1.0.0",
        SYSTEM,
        spec.name(),
        spec.nics().stream().map(nic -> card(nic, domain.addresses())).toList(),
        EnumSet.allOf(Feature.class));
  }

  private static Card card(NicSpec nic, Set<GuestAddressing> told) {
    int hash = nic.mac().hashCode();
    String ipv4 =
        "10.%d.%d.%d".formatted(hash >>> 16 & 0xff, hash >>> 8 & 0xff, 1 + (hash & 0xff) % 254);
    String ipv6 = "fe80::%x:%x".formatted(hash >>> 16, hash & 0xffff);
    return new Card(
        nic.mac(),
        List.of(told(nic, told, Family.IPV4).orElse(ipv4)),
        List.of(told(nic, told, Family.IPV6).orElse(ipv6)));
  }

  private static Optional<String> told(NicSpec nic, Set<GuestAddressing> told, Family family) {
    return told.stream()
        .filter(a -> a.family() == family && a.mac().equals(nic.mac()))
        .flatMap(a -> a.to().stream())
        .map(to -> to.ip().replaceFirst("/.*", ""))
        .findFirst();
  }
}
