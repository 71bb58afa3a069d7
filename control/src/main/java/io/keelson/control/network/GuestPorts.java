package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Network;
import io.keelson.api.model.NetworkDefaultLockingMode;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.control.rules.HostId;
import io.keelson.host.PortSpec;
import io.keelson.host.PortSpec.Filter;
import io.keelson.host.PortSpec.Guard;
import io.keelson.store.Snapshot;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** The network cards of VMs as ports of bridges. */
final class GuestPorts {
  /** The one way to limit a card's traffic. */
  static final String RATE_LIMIT = "ratelimit";

  /** Its parameter: kilobytes per second, whatever the name suggests. */
  private static final String RATE = "kbps";

  /** 100 Gbit/s, past which no switch counts. */
  private static final long MOST = 12_500_000;

  private GuestPorts() {}

  /** A card that is plugged, and where. */
  record Plugged(UUID host, UUID vm, int device, PortSpec port) {
    void attach(io.keelson.host.Network driver) {
      driver.attach(host, vm, device, port);
    }

    /** The card on another bridge. */
    Plugged on(String bridge, int mtu) {
      return new Plugged(
          host, vm, device, new PortSpec(bridge, mtu, port.mac(), port.uplink(), port.guard()));
    }
  }

  static PortSpec of(Vif vif, Network network, boolean uplink) {
    long mtu = vif.mtu() > 0 ? vif.mtu() : network.mtu();
    return new PortSpec(
        network.bridge(), Math.toIntExact(mtu), vif.mac(), uplink, guard(vif, network));
  }

  /** The cards that are plugged into a network on a host. */
  static List<Plugged> plugged(Snapshot state, Ref<Network> ref, Ref<Host> host) {
    return state.get(ApiModel.NETWORK, ref).vifs().stream()
        .map(vif -> state.get(ApiModel.VIF, vif))
        .filter(vif -> vif.currentlyAttached() && isOn(state, vif, host))
        .map(vif -> plugged(state, vif, ref))
        .toList();
  }

  static List<Plugged> plugged(Snapshot state, Collection<Ref<Network>> refs, Ref<Host> host) {
    return refs.stream().flatMap(ref -> plugged(state, ref, host).stream()).toList();
  }

  /** A plugged card as it would be on another network, or on its own. */
  static Plugged plugged(Snapshot state, Vif vif, Ref<Network> ref) {
    Vm vm = state.get(ApiModel.VM, vif.vm());
    Network network = state.get(ApiModel.NETWORK, ref);
    return new Plugged(
        HostId.of(state, vm.residentOn()),
        UUID.fromString(vm.uuid()),
        Integer.parseInt(vif.device()),
        of(vif, network, Wiring.pif(state, network, vm.residentOn()).isPresent()));
  }

  /** Whether a card's VM is on the host. */
  static boolean isOn(Snapshot state, Vif vif, Ref<Host> host) {
    Vm vm = state.get(ApiModel.VM, vif.vm());
    return vm.residentOn().equals(host) || vm.scheduledToBeResidentOn().equals(host);
  }

  /**
   * What a card may send.
   *
   * @throws io.keelson.api.ApiError VALUE_NOT_SUPPORTED, INVALID_VALUE for a limit that is none
   */
  static Guard guard(Vif vif, Network network) {
    return new Guard(filter(vif, network), limit(vif));
  }

  private static Filter filter(Vif vif, Network network) {
    return switch (vif.lockingMode()) {
      case UNLOCKED -> new Filter.Open();
      case DISABLED -> new Filter.Closed();
      case LOCKED -> new Filter.Locked(vif.ipv4Allowed(), vif.ipv6Allowed());
      case NETWORK_DEFAULT ->
          network.defaultLockingMode() == NetworkDefaultLockingMode.DISABLED
              ? new Filter.Closed()
              : new Filter.Open();
    };
  }

  private static long limit(Vif vif) {
    String type = vif.qosAlgorithmType();
    if (type.isEmpty()) {
      return 0;
    }
    if (!type.equals(RATE_LIMIT)) {
      throw ApiErrors.valueNotSupported(
          "qos_algorithm_type", type, "only " + RATE_LIMIT + " is known");
    }
    String rate = vif.qosAlgorithmParams().getOrDefault(RATE, "");
    if (!rate.matches("\\d{1,8}") || Long.parseLong(rate) == 0 || Long.parseLong(rate) > MOST) {
      throw ApiErrors.invalidValue("qos_algorithm_params:" + RATE, rate);
    }
    return Long.parseLong(rate);
  }
}
