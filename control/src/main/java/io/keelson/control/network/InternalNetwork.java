package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Network;
import io.keelson.api.model.Vif;
import io.keelson.control.rules.HostId;
import io.keelson.host.AddressService;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The network between a host and the guests that run on it, where the host hands out addresses. The
 * network's other_config says which; the first of them is the host's own.
 */
final class InternalNetwork {
  private static final String MARK = "is_host_internal_management_network";
  private static final String BEGIN = "ip_begin";
  private static final String END = "ip_end";
  private static final String NETMASK = "netmask";

  private InternalNetwork() {}

  static boolean is(Network network) {
    return Boolean.parseBoolean(network.otherConfig().get(MARK));
  }

  /**
   * Gives a card that is about to be plugged its address there, unless it has one.
   *
   * @throws io.keelson.api.ApiError INVALID_VALUE when the network's addresses are none or all
   *     taken
   */
  static void assign(Transaction tx, Ref<Vif> vif) {
    Ref<Network> ref = tx.get(ApiModel.VIF, vif).network();
    Network network = tx.get(ApiModel.NETWORK, ref);
    if (!is(network)) {
      return;
    }
    Map<Ref<Vif>, String> assigned = new HashMap<>(network.assignedIps());
    if (assigned.containsKey(vif)) {
      return;
    }
    Set<String> taken = new HashSet<>(assigned.values());
    long begin = number(network, BEGIN);
    long end = number(network, END);
    for (long ip = begin + 1; ip <= end; ip++) {
      if (!taken.contains(text(ip))) {
        assigned.put(vif, text(ip));
        tx.update(ApiModel.NETWORK, ref, n -> n.with(b -> b.assignedIps(Map.copyOf(assigned))));
        return;
      }
    }
    throw ApiErrors.invalidValue("other_config:" + END, text(end));
  }

  /** Takes a card's address back: the card goes. */
  static void forget(Transaction tx, Ref<Vif> vif) {
    Ref<Network> ref = tx.get(ApiModel.VIF, vif).network();
    tx.find(ApiModel.NETWORK, ref)
        .filter(network -> network.assignedIps().containsKey(vif))
        .ifPresent(network -> {
          Map<Ref<Vif>, String> assigned = new HashMap<>(network.assignedIps());
          assigned.remove(vif);
          tx.update(ApiModel.NETWORK, ref, n -> n.with(b -> b.assignedIps(Map.copyOf(assigned))));
        });
  }

  /** Makes the host hand out addresses to the cards that are plugged, or stop when none is. */
  static void refresh(
      Snapshot state, io.keelson.host.Network driver, Ref<Network> ref, Ref<Host> host) {
    refresh(state, driver, ref, host, _ -> false);
  }

  /** The same, without cards that have just gone. */
  static void refresh(
      Snapshot state,
      io.keelson.host.Network driver,
      Ref<Network> ref,
      Ref<Host> host,
      Predicate<Vif> gone) {
    Network network = state.get(ApiModel.NETWORK, ref);
    if (is(network)) {
      UUID id = HostId.of(state, host);
      service(state, ref, host, gone)
          .ifPresentOrElse(
              service -> driver.serveAddresses(id, network.bridge(), service),
              () -> driver.stopServing(id, network.bridge()));
    }
  }

  /** The addresses for the cards that are plugged or about to be; none where there are none. */
  static Optional<AddressService> service(Snapshot state, Ref<Network> ref, Ref<Host> host) {
    return service(state, ref, host, _ -> false);
  }

  private static Optional<AddressService> service(
      Snapshot state, Ref<Network> ref, Ref<Host> host, Predicate<Vif> gone) {
    Network network = state.get(ApiModel.NETWORK, ref);
    if (!is(network)) {
      return Optional.empty();
    }
    Map<String, String> leases = new HashMap<>();
    for (Ref<Vif> card : network.vifs()) {
      Vif vif = state.get(ApiModel.VIF, card);
      boolean used = vif.currentlyAttached() || !vif.currentOperations().isEmpty();
      String ip = network.assignedIps().getOrDefault(card, "");
      if (used && !ip.isEmpty() && !gone.test(vif) && hereOrComing(state, vif, host)) {
        leases.put(vif.mac(), ip);
      }
    }
    return leases.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new AddressService(
                text(number(network, BEGIN)),
                PifAddresses.prefix(network.otherConfig().getOrDefault(NETMASK, "")),
                leases));
  }

  /** A card of a VM that is just being started is on no host yet. */
  private static boolean hereOrComing(Snapshot state, Vif vif, Ref<Host> host) {
    return GuestPorts.isOn(state, vif, host)
        || (!vif.currentlyAttached() && state.get(ApiModel.VM, vif.vm()).residentOn().isNull());
  }

  private static long number(Network network, String key) {
    long number = 0;
    for (String part :
        Addresses.v4(network.otherConfig().getOrDefault(key, ""), key).split("\\.")) {
      number = number << 8 | Long.parseLong(part);
    }
    return number;
  }

  private static String text(long number) {
    return (number >> 24)
        + "."
        + (number >> 16 & 255)
        + "."
        + (number >> 8 & 255)
        + "."
        + (number & 255);
  }
}
