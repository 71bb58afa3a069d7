package io.keelson.host.network;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Network;
import io.keelson.host.NicAttachment;
import io.keelson.host.Traffic;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

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

  /** Changes are few and short, and the tools underneath take turns anyway. */
  private final ReentrantLock turn = new ReentrantLock();

  private LinuxNetwork(Backend backend) {
    this.backend = backend;
  }

  /** The best that this process may use here. */
  public static LinuxNetwork detect() {
    if (!Kernel.allowsBridges()) {
      return unprivileged();
    }
    return new LinuxNetwork(OpenVswitch.answers() ? new OpenVswitch() : new BridgeBackend());
  }

  /** User-mode networking whatever else there may be. */
  public static LinuxNetwork unprivileged() {
    return new LinuxNetwork(new UserBackend());
  }

  @Override
  public String backend(UUID host) {
    return backend.name();
  }

  @Override
  public List<Interface> interfaces(UUID host) {
    return new Interfaces(Path.of("/")).real();
  }

  @Override
  public void ensureBridge(UUID host, String bridge, int mtu) {
    check(bridge, mtu);
    inTurn(() -> backend.ensureBridge(bridge, mtu));
  }

  @Override
  public void removeBridge(UUID host, String bridge) {
    check(bridge, MOST_MTU);
    inTurn(() -> backend.removeBridge(bridge));
  }

  @Override
  public NicAttachment attach(
      UUID host, UUID vm, int device, String bridge, int mtu, boolean uplink) {
    check(bridge, mtu);
    Tap tap = tap(vm, device);
    turn.lock();
    try {
      return backend.attach(tap, bridge, mtu, uplink);
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void detach(UUID host, UUID vm, int device) {
    Tap tap = tap(vm, device);
    inTurn(() -> backend.detach(tap));
  }

  @Override
  public Optional<Traffic> traffic(UUID host, String device) {
    return device.matches("[A-Za-z0-9_.-]{1,15}")
        ? new Interfaces(Path.of("/")).traffic(device)
        : Optional.empty();
  }

  @Override
  public Optional<Traffic> traffic(UUID host, UUID vm, int device) {
    return traffic(host, tap(vm, device).device()).map(Traffic::otherEnd);
  }

  private void inTurn(Runnable work) {
    turn.lock();
    try {
      work.run();
    } finally {
      turn.unlock();
    }
  }

  private static Tap tap(UUID vm, int device) {
    if (device < 0 || device >= MOST_DEVICES) {
      throw new DriverException(Reason.INVALID, "no card can have the number " + device);
    }
    return Tap.of(vm, device);
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
