package io.keelson.host.network;

import io.keelson.host.BridgeSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.NicAttachment;
import io.keelson.host.PortSpec;
import io.keelson.host.PortSpec.Guard;
import java.nio.file.Path;
import java.util.UUID;

/** What a privileged host does with bridges and cards; fails with the first thing that is wrong. */
final class GuestNetworks {
  private static final UUID HOST = UUID.randomUUID();
  private static final UUID VM = UUID.randomUUID();

  private GuestNetworks() {}

  public static void main(String[] arguments) {
    LinuxNetwork network = LinuxNetwork.detect(Path.of("/run/keelson"));
    network.ensureBridge(HOST, BridgeSpec.inner("xenbr0", 1400));
    network.ensureBridge(HOST, BridgeSpec.inner("xenbr0", 1400));
    network.ensureBridge(HOST, BridgeSpec.inner("xapi1", 1500));

    NicAttachment first = network.attach(HOST, VM, 0, port("xenbr0", 1400));
    String tap = first instanceof NicAttachment.Tap t ? t.device() : "none";
    require(tap.length() <= 15 && Kernel.exists(tap), "the tap is there");
    require(network.attach(HOST, VM, 0, port("xenbr0", 1400)).equals(first), "twice is harmless");
    NicAttachment second = network.attach(HOST, VM, 10, port("xapi1", 1500));
    require(!second.equals(first), "each card has its own tap");
    if (network.backend(HOST).equals("bridge")) {
      require(Kernel.master(tap).filter("xenbr0"::equals).isPresent(), "it is in its bridge");
      network.attach(HOST, VM, 0, port("xapi1", 1500));
      require(Kernel.master(tap).filter("xapi1"::equals).isPresent(), "it moves");
    }

    moves(network, first);
    refused(Reason.NOT_FOUND, () -> network.attach(HOST, VM, 1, port("xenbr9", 1500)));
    refused(Reason.ALREADY_EXISTS, () -> network.ensureBridge(HOST, BridgeSpec.inner("lo", 1500)));
    network.removeBridge(HOST, "lo");
    require(Kernel.exists("lo"), "what others made stays");

    LinuxNetwork later = LinuxNetwork.detect(Path.of("/run/keelson"));
    later.detach(HOST, VM, 0);
    later.detach(HOST, VM, 0);
    later.detach(HOST, VM, 10);
    require(!Kernel.exists(tap), "a later process detaches");
    require(!Kernel.exists(Tap.other(VM, 0).device()), "from the run that was to come, too");
    later.removeBridge(HOST, "xenbr0");
    later.removeBridge(HOST, "xenbr0");
    later.removeBridge(HOST, "xapi1");
    require(!Kernel.exists("xenbr0") && !Kernel.exists("xapi1"), "bridges go");

    Kernel.ip("tuntap", "add", "dev", Tap.of(VM, 0).device(), "mode", "tap");
    later.ensureBridge(HOST, BridgeSpec.inner("xenbr0", 1500));
    refused(Reason.ALREADY_EXISTS, () -> later.attach(HOST, VM, 0, port("xenbr0", 1500)));
    later.detach(HOST, VM, 0);
    require(Kernel.exists(Tap.of(VM, 0).device()), "another's tap stays");
    System.out.println("backend=" + network.backend(HOST));
  }

  /** A card whose machine goes to another process and back, and stays once where it was. */
  private static void moves(LinuxNetwork network, NicAttachment first) {
    NicAttachment next = network.attachNext(HOST, VM, 0, port("xenbr0", 1400));
    require(!next.equals(first), "the run to come has a tap of its own");
    require(network.attach(HOST, VM, 0, port("xenbr0", 1400)).equals(first), "the first counts");
    network.keep(HOST, VM, 0, first);
    require(!exists(next) && exists(first), "the run that was to come is off");

    require(network.attachNext(HOST, VM, 0, port("xenbr0", 1400)).equals(next), "it comes again");
    LinuxNetwork restarted = LinuxNetwork.detect(Path.of("/run/keelson"));
    restarted.keep(HOST, VM, 0, next);
    restarted.keep(HOST, VM, 0, next);
    require(exists(next) && !exists(first), "its tap alone is left");
    require(network.attach(HOST, VM, 0, port("xenbr0", 1400)).equals(next), "and counts");
    require(network.attachNext(HOST, VM, 0, port("xenbr0", 1400)).equals(first), "back again");
    network.keep(HOST, VM, 0, first);
    require(!exists(next) && exists(first), "it is back");
    require(network.attachNext(HOST, VM, 0, port("xenbr0", 1400)).equals(next), "it leaves");
  }

  private static boolean exists(NicAttachment attachment) {
    return attachment instanceof NicAttachment.Tap(String device) && Kernel.exists(device);
  }

  private static PortSpec port(String bridge, int mtu) {
    return new PortSpec(bridge, mtu, "02:00:00:00:00:01", true, Guard.NONE);
  }

  private static void require(boolean good, String what) {
    if (!good) {
      throw new IllegalStateException("not so: " + what);
    }
  }

  private static void refused(Reason reason, Runnable call) {
    try {
      call.run();
    } catch (DriverException e) {
      require(e.reason() == reason, reason + " and not " + e.reason() + ": " + e.getMessage());
      return;
    }
    throw new IllegalStateException("not refused with " + reason);
  }
}
