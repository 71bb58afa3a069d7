package io.keelson.host.sim;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Network;
import io.keelson.host.NicAttachment;
import io.keelson.host.Traffic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Bridges and taps that are names in a set. */
final class SimulatedNetwork implements Network {
  /** What each card carries a second, one way and the other. */
  private static final long RECEIVED_PER_SECOND = 3_000;

  private static final long SENT_PER_SECOND = 1_000;

  private record Bridge(UUID host, String name) {}

  private record Plug(UUID host, UUID vm, int device) {}

  private final SimulatedHosts hosts;
  private final Weather weather;
  private final Set<Bridge> bridges = ConcurrentHashMap.newKeySet();
  private final long made = System.nanoTime();
  private final Map<Plug, Long> plugs = new ConcurrentHashMap<>();

  SimulatedNetwork(SimulatedHosts hosts, Weather weather) {
    this.hosts = hosts;
    this.weather = weather;
  }

  @Override
  public String backend(UUID host) {
    int _ = hosts.number(host);
    return "openvswitch";
  }

  @Override
  public List<Interface> interfaces(UUID host) {
    int number = hosts.number(host);
    String mac = "02:51:00:00:%02x:%02x".formatted(number >> 8 & 0xff, number & 0xff);
    String ip = "192.0.2." + (1 + (number - 1) % 253);
    return List.of(
        new Interface(
            "eth0",
            mac,
            1500,
            true,
            10_000,
            true,
            ip,
            "255.255.255.0",
            "192.0.2.254",
            List.of(),
            "simulated",
            "",
            Card.NONE));
  }

  @Override
  public void ensureBridge(UUID host, String bridge, int mtu) {
    int _ = hosts.number(host);
    if (bridge.isEmpty() || bridge.length() > 15) {
      throw new DriverException(Reason.INVALID, "no bridge can be called '" + bridge + "'");
    }
    weather.pass("ensureBridge", host);
    bridges.add(new Bridge(host, bridge));
  }

  @Override
  public void removeBridge(UUID host, String bridge) {
    weather.pass("removeBridge", host);
    bridges.remove(new Bridge(host, bridge));
  }

  @Override
  public NicAttachment attach(
      UUID host, UUID vm, int device, String bridge, int mtu, boolean uplink) {
    if (!bridges.contains(new Bridge(host, bridge))) {
      throw new DriverException(Reason.NOT_FOUND, "no bridge " + bridge);
    }
    weather.pass("attach", vm);
    plugs.putIfAbsent(new Plug(host, vm, device), System.nanoTime());
    return new NicAttachment.Tap("sim" + device);
  }

  @Override
  public void detach(UUID host, UUID vm, int device) {
    weather.pass("detach", vm);
    plugs.remove(new Plug(host, vm, device));
  }

  /** The one interface carries the same in every second. */
  @Override
  public Optional<Traffic> traffic(UUID host, String device) {
    int _ = hosts.number(host);
    return device.equals("eth0") ? Optional.of(since(made)) : Optional.empty();
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
}
