package io.keelson.host.network;

import io.keelson.host.AddressService;
import io.keelson.host.BridgeSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Network;
import io.keelson.host.NicAttachment;
import io.keelson.host.PortSpec;
import io.keelson.host.Traffic;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The networks of the machine this process runs on; every host named is this one.
 *
 * <p>Which back end it uses is found out by trying, once: Open vSwitch where it answers, bridges
 * where they can be made, and else user-mode networking.
 */
public final class LinuxNetwork implements Network {
  private static final int LEAST_MTU = 68;
  private static final int MOST_MTU = 65_521;
  private static final int MOST_DEVICES = 100;

  private final Backend backend;
  private final HostAddresses addresses;
  private final GuestAddresses guests;

  /** Changes are few and short, and the tools underneath take turns anyway. */
  private final ReentrantLock turn = new ReentrantLock();

  /** The bridge that has each card of the host: asked for once a change, when somebody reads. */
  private volatile Remembered<Map<String, String>> carriers;

  private LinuxNetwork(Backend backend, Path run) {
    this.backend = backend;
    this.addresses = new HostAddresses(run);
    this.guests = new GuestAddresses(run);
    this.carriers = new Remembered<>(backend::carriers);
  }

  /**
   * The best that this process may use here.
   *
   * @param run folder for what the programs that it starts need; it also tells whose bridges are
   *     whose when several servers are on the machine
   */
  public static LinuxNetwork detect(Path run) {
    if (!Kernel.allowsBridges()) {
      return unprivileged(run);
    }
    String owner = Tap.named("", run.toAbsolutePath().normalize().toString());
    return new LinuxNetwork(
        Vsctl.answers() ? new OpenVswitch(owner) : new BridgeBackend(owner), run);
  }

  /** User-mode networking whatever else there may be. */
  public static LinuxNetwork unprivileged(Path run) {
    return new LinuxNetwork(new UserBackend(), run);
  }

  @Override
  public String backend(UUID host) {
    return backend.name();
  }

  @Override
  public Abilities abilities(UUID host) {
    return backend.abilities();
  }

  @Override
  public List<Interface> interfaces(UUID host) {
    return interfaces().real();
  }

  @Override
  public Addresses addresses(UUID host, String bridge) {
    return interfaces().addresses(bridge);
  }

  private Interfaces interfaces() {
    return new Interfaces(Path.of("/"), carriers.get());
  }

  @Override
  public void mergeReceived(UUID host, String device, boolean on) {
    if (!device.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}")) {
      throw new DriverException(Reason.INVALID, "no interface can be named " + device);
    }
    Offloads.genericReceive(device, on);
  }

  @Override
  public void ensureBridge(UUID host, BridgeSpec bridge) {
    check(bridge.name(), bridge.mtu());
    inTurn(() -> {
      try {
        backend.ensureBridge(bridge);
        if (backend.abilities().bridges()) {
          addresses.apply(bridge.name(), bridge.ip());
        }
      } finally {
        carriers = new Remembered<>(backend::carriers);
      }
      return bridge;
    });
  }

  @Override
  public void removeBridge(UUID host, String bridge) {
    check(bridge, MOST_MTU);
    inTurn(() -> {
      addresses.release(bridge);
      guests.stop(bridge);
      backend.removeBridge(bridge);
      carriers = new Remembered<>(backend::carriers);
      return bridge;
    });
  }

  @Override
  public Set<String> bridges(UUID host) {
    return backend.bridges();
  }

  @Override
  public BondState bond(UUID host, String bridge) {
    return backend.bond(bridge);
  }

  @Override
  public void steer(UUID host, Optional<String> controller) {
    inTurn(() -> {
      backend.steer(controller);
      return controller;
    });
  }

  @Override
  public NicAttachment attach(UUID host, UUID vm, int device, PortSpec port) {
    check(port.bridge(), port.mtu());
    GuestTaps taps = taps(vm, device);
    return inTurn(() -> backend.attach(taps.current(), port));
  }

  @Override
  public NicAttachment attachNext(UUID host, UUID vm, int device, PortSpec port) {
    check(port.bridge(), port.mtu());
    GuestTaps taps = taps(vm, device);
    return inTurn(() -> {
      backend.detach(taps.next());
      return backend.attach(taps.next(), port);
    });
  }

  @Override
  public void keep(UUID host, UUID vm, int device, NicAttachment used) {
    GuestTaps taps = taps(vm, device);
    inTurn(() -> {
      if (used instanceof NicAttachment.Tap(String kept)) {
        taps.others(kept).forEach(backend::detach);
        taps.adopt(kept);
      }
      return taps;
    });
  }

  @Override
  public void detach(UUID host, UUID vm, int device) {
    GuestTaps taps = taps(vm, device);
    inTurn(() -> {
      taps.all().forEach(backend::detach);
      return taps;
    });
  }

  @Override
  public Optional<Traffic> traffic(UUID host, String device) {
    return device.matches("[A-Za-z0-9_.-]{1,15}") ? interfaces().traffic(device) : Optional.empty();
  }

  @Override
  public Optional<Traffic> traffic(UUID host, UUID vm, int device) {
    return traffic(host, taps(vm, device).current().device()).map(Traffic::otherEnd);
  }

  @Override
  public void serveAddresses(UUID host, String bridge, AddressService service) {
    check(bridge, MOST_MTU);
    // Without bridges each guest has a network of its own, which hands out addresses.
    if (backend.abilities().bridges()) {
      inTurn(() -> {
        guests.serve(bridge, service);
        return bridge;
      });
    }
  }

  @Override
  public void stopServing(UUID host, String bridge) {
    check(bridge, MOST_MTU);
    inTurn(() -> {
      guests.stop(bridge);
      return bridge;
    });
  }

  private <T> T inTurn(Supplier<T> work) {
    turn.lock();
    try {
      return work.get();
    } finally {
      turn.unlock();
    }
  }

  private static GuestTaps taps(UUID vm, int device) {
    if (device < 0 || device >= MOST_DEVICES) {
      throw new DriverException(Reason.INVALID, "no card can have the number " + device);
    }
    return new GuestTaps(vm, device);
  }

  private static void check(String bridge, int mtu) {
    if (!bridge.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}")) {
      throw new DriverException(Reason.INVALID, "no bridge can be named " + bridge);
    }
    if (mtu < LEAST_MTU || mtu > MOST_MTU) {
      throw new DriverException(Reason.INVALID, "no network can have an MTU of " + mtu);
    }
  }
}
