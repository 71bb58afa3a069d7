package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vif;
import io.keelson.api.model.VifIpv4ConfigurationMode;
import io.keelson.api.model.VifIpv6ConfigurationMode;
import io.keelson.api.model.Vm;
import io.keelson.host.GuestAddressing;
import io.keelson.host.GuestAddressing.Address;
import io.keelson.host.GuestAddressing.Family;
import io.keelson.host.GuestReport;
import io.keelson.host.GuestReport.Card;
import io.keelson.store.Snapshot;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The addresses that guests' cards are to have, as their VIFs' records say. */
public final class StaticAddresses {
  private StaticAddresses() {}

  /** What a card is to have; empty leaves it to the guest. */
  static Optional<Address> wanted(Vif vif, Family family) {
    return switch (family) {
      case IPV4 ->
          vif.ipv4ConfigurationMode() == VifIpv4ConfigurationMode.STATIC
              ? address(vif.ipv4Addresses(), vif.ipv4Gateway())
              : Optional.empty();
      case IPV6 ->
          vif.ipv6ConfigurationMode() == VifIpv6ConfigurationMode.STATIC
              ? address(vif.ipv6Addresses(), vif.ipv6Gateway())
              : Optional.empty();
    };
  }

  private static Optional<Address> address(List<String> addresses, String gateway) {
    return addresses.stream().findFirst().map(ip -> new Address(ip, gateway));
  }

  /**
   * What has to be done in a running guest that reports so, for its cards to have what they should.
   */
  public static List<GuestAddressing> missing(Snapshot state, Ref<Vm> vm, GuestReport report) {
    List<GuestAddressing> missing = new ArrayList<>();
    for (Vif vif : cards(state, vm).toList()) {
      String mac = mac(vif);
      Optional<Card> card = report.cards().stream().filter(c -> c.mac().equals(mac)).findFirst();
      for (Family family : Family.values()) {
        Optional<Address> wanted = wanted(vif, family);
        boolean lacks =
            card.isPresent()
                && wanted.isPresent()
                && addresses(card.get(), family).stream().noneMatch(has -> same(has, wanted.get()));
        if (lacks) {
          missing.add(new GuestAddressing(mac, family, Optional.empty(), wanted));
        }
      }
    }
    return missing;
  }

  /** What takes a change back whose wish was another by the time that it was done. */
  public static Optional<GuestAddressing> correction(
      Snapshot state, Ref<Vm> vm, GuestAddressing done) {
    return cards(state, vm)
        .filter(vif -> mac(vif).equals(done.mac()))
        .map(vif -> wanted(vif, done.family()))
        .filter(wanted -> !wanted.equals(done.to()))
        .map(wanted -> new GuestAddressing(done.mac(), done.family(), done.to(), wanted))
        .findFirst();
  }

  private static Stream<Vif> cards(Snapshot state, Ref<Vm> vm) {
    return state.find(ApiModel.VM, vm).stream()
        .flatMap(record -> record.vifs().stream())
        .flatMap(ref -> state.find(ApiModel.VIF, ref).stream())
        .filter(Vif::currentlyAttached);
  }

  static String mac(Vif vif) {
    return vif.mac().toLowerCase(Locale.ROOT);
  }

  private static List<String> addresses(Card card, Family family) {
    return switch (family) {
      case IPV4 -> card.ipv4();
      case IPV6 -> card.ipv6();
    };
  }

  /** The same address in whatever spelling; what a guest says may be none. */
  private static boolean same(String has, Address wanted) {
    String ip = wanted.ip().replaceFirst("/.*", "");
    try {
      return InetAddress.ofLiteral(has).equals(InetAddress.ofLiteral(ip));
    } catch (IllegalArgumentException e) {
      return has.equals(ip);
    }
  }
}
