package io.keelson.host.sim;

import io.keelson.host.AddressService;
import io.keelson.host.BridgeSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.IpSettings;
import io.keelson.host.Network;
import io.keelson.host.NicAttachment;
import io.keelson.host.PortSpec;
import io.keelson.host.Traffic;
import io.keelson.host.Uplink;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Bridges and taps that are names in a set. */
final class SimulatedNetwork implements Network {
  /** What each card carries a second, one way and the other. */
  private static final long RECEIVED_PER_SECOND = 3_000;

  private static final long SENT_PER_SECOND = 1_000;
  private static final String MASK = "255.255.255.0";

  private record Bridge(UUID host, String name) {}

  private record Plug(UUID host, UUID vm, int device) {}

  private record Device(UUID host, String device) {}

  private final SimulatedHosts hosts;
  private final Weather weather;
  private final Map<Bridge, BridgeSpec> bridges = new ConcurrentHashMap<>();
  private final Map<UUID, String> controllers = new ConcurrentHashMap<>();
  private final Set<Device> separate = ConcurrentHashMap.newKeySet();
  private final int switched;
  private final long made = System.nanoTime();
  private final Map<Plug, Long> plugs = new ConcurrentHashMap<>();

  /**
   * @param switched how many hosts, the first ones, have Open vSwitch
   */
  SimulatedNetwork(SimulatedHosts hosts, Weather weather, int switched) {
    this.switched = switched;
    this.hosts = hosts;
    this.weather = weather;
  }

  @Override
  public String backend(UUID host) {
    return isSwitched(host) ? "openvswitch" : "bridge";
  }

  private boolean isSwitched(UUID host) {
    return hosts.number(host) <= switched;
  }

  /** No packet arrives here. */
  @Override
  public void mergeReceived(UUID host, String device, boolean on) {
    int _ = hosts.number(host);
    boolean _ =
        on ? separate.remove(new Device(host, device)) : separate.add(new Device(host, device));
  }

  boolean merges(UUID host, String device) {
    return !separate.contains(new Device(host, device));
  }

  @Override
  public List<Interface> interfaces(UUID host) {
    int number = hosts.number(host);
    return List.of(
        card(0, number, "192.0.2." + (1 + (number - 1) % 253), MASK, "192.0.2.254"),
        card(1, number, "", "", ""),
        card(2, number, "", "", ""));
  }

  /** A card of a host; the first has an address, by which the host is managed. */
  private static Interface card(int card, int host, String ip, String mask, String gateway) {
    return new Interface(
        "eth" + card,
        "02:51:00:%02x:%02x:%02x".formatted(card, host >> 8 & 0xff, host & 0xff),
        1500,
        true,
        10_000,
        true,
        ip,
        mask,
        gateway,
        List.of(),
        "simulated",
        "",
        Card.NONE);
  }

  @Override
  public Abilities abilities(UUID host) {
    return new Abilities(true, isSwitched(host), true);
  }

  @Override
  public void ensureBridge(UUID host, BridgeSpec bridge) {
    int _ = hosts.number(host);
    if (bridge.name().isEmpty() || bridge.name().length() > 15) {
      throw new DriverException(Reason.INVALID, "no bridge can be called '" + bridge.name() + "'");
    }
    weather.pass("ensureBridge", host);
    if (bridge.uplink() instanceof Uplink.Vlan(String parent, String _, int _)
        && !bridges.containsKey(new Bridge(host, parent))) {
      throw new DriverException(Reason.NOT_FOUND, "no bridge " + parent);
    }
    bridges.put(new Bridge(host, bridge.name()), bridge);
  }

  @Override
  public void removeBridge(UUID host, String bridge) {
    weather.pass("removeBridge", host);
    bridges.remove(new Bridge(host, bridge));
  }

  @Override
  public Set<String> bridges(UUID host) {
    return bridges.keySet().stream()
        .filter(bridge -> bridge.host().equals(host))
        .map(Bridge::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** All cards have a link; of an active-backup bond the first works. */
  @Override
  public BondState bond(UUID host, String bridge) {
    BridgeSpec spec = bridges.get(new Bridge(host, bridge));
    return spec != null && spec.uplink() instanceof Uplink.Bond bond
        ? new BondState(
            Set.copyOf(bond.devices()),
            bond.mode() == Uplink.Bond.Mode.ACTIVE_BACKUP ? bond.devices().getFirst() : "")
        : BondState.NONE;
  }

  @Override
  public Addresses addresses(UUID host, String bridge) {
    BridgeSpec spec = bridges.get(new Bridge(host, bridge));
    if (spec != null && spec.ip().v4() instanceof IpSettings.Ipv4.Static fixed) {
      String mask = fixed.prefix() == 24 ? MASK : "255.255.0.0";
      return new Addresses(fixed.address(), mask, fixed.gateway(), List.of());
    }
    return new Addresses("", "", "", List.of());
  }

  @Override
  public void steer(UUID host, Optional<String> controller) {
    weather.pass("steer", host);
    controller.ifPresentOrElse(
        address -> controllers.put(host, address), () -> controllers.remove(host));
  }

  Optional<String> controller(UUID host) {
    return Optional.ofNullable(controllers.get(host));
  }

  @Override
  public NicAttachment attach(UUID host, UUID vm, int device, PortSpec port) {
    if (!bridges.containsKey(new Bridge(host, port.bridge()))) {
      throw new DriverException(Reason.NOT_FOUND, "no bridge " + port.bridge());
    }
    weather.pass("attach", vm);
    plugs.putIfAbsent(new Plug(host, vm, device), System.nanoTime());
    return new NicAttachment.Tap("sim" + device);
  }

  @Override
  public NicAttachment attachNext(UUID host, UUID vm, int device, PortSpec port) {
    return attach(host, vm, device, port);
  }

  @Override
  public void keep(UUID host, UUID vm, int device, NicAttachment used) {
    weather.pass("keep", vm);
  }

  @Override
  public void detach(UUID host, UUID vm, int device) {
    weather.pass("detach", vm);
    plugs.remove(new Plug(host, vm, device));
  }

  /** Each interface carries the same in every second. */
  @Override
  public Optional<Traffic> traffic(UUID host, String device) {
    int _ = hosts.number(host);
    return device.matches("eth[01]") ? Optional.of(since(made)) : Optional.empty();
  }

  @Override
  public Optional<Traffic> traffic(UUID host, UUID vm, int device) {
    return Optional.ofNullable(plugs.get(new Plug(host, vm, device))).map(SimulatedNetwork::since);
  }

  private static Traffic since(long nanos) {
    double seconds = (System.nanoTime() - nanos) / 1e9;
    return new Traffic(
        (long) (seconds * RECEIVED_PER_SECOND), (long) (seconds * SENT_PER_SECOND), 0, 0);
  }

  @Override
  public void serveAddresses(UUID host, String bridge, AddressService service) {
    weather.pass("serveAddresses", host);
  }

  @Override
  public void stopServing(UUID host, String bridge) {
    weather.pass("stopServing", host);
  }
}
