package io.keelson.host.network;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.NicAttachment;
import java.util.UUID;

/** What a privileged host does with bridges and cards; fails with the first thing that is wrong. */
final class GuestNetworks {
  private static final UUID HOST = UUID.randomUUID();
  private static final UUID VM = UUID.randomUUID();

  private GuestNetworks() {}

  public static void main(String[] arguments) {
    LinuxNetwork network = LinuxNetwork.detect();
    network.ensureBridge(HOST, "xenbr0", 1400);
    network.ensureBridge(HOST, "xenbr0", 1400);
    network.ensureBridge(HOST, "xapi1", 1500);

    NicAttachment first = network.attach(HOST, VM, 0, "xenbr0", 1400, true);
    String tap = first instanceof NicAttachment.Tap t ? t.device() : "none";
    require(tap.length() <= 15 && Kernel.exists(tap), "the tap is there");
    require(network.attach(HOST, VM, 0, "xenbr0", 1400, true).equals(first), "twice is harmless");
    NicAttachment second = network.attach(HOST, VM, 10, "xapi1", 1500, false);
    require(!second.equals(first), "each card has its own tap");
    if (network.backend(HOST).equals("bridge")) {
      require(Kernel.master(tap).filter("xenbr0"::equals).isPresent(), "it is in its bridge");
      network.attach(HOST, VM, 0, "xapi1", 1500, true);
      require(Kernel.master(tap).filter("xapi1"::equals).isPresent(), "it moves");
    }

    refused(Reason.NOT_FOUND, () -> network.attach(HOST, VM, 1, "xenbr9", 1500, true));
    refused(Reason.ALREADY_EXISTS, () -> network.ensureBridge(HOST, "lo", 1500));
    network.removeBridge(HOST, "lo");
    require(Kernel.exists("lo"), "what others made stays");

    LinuxNetwork later = LinuxNetwork.detect();
    later.detach(HOST, VM, 0);
    later.detach(HOST, VM, 0);
    later.detach(HOST, VM, 10);
    require(!Kernel.exists(tap), "a later process detaches");
    later.removeBridge(HOST, "xenbr0");
    later.removeBridge(HOST, "xenbr0");
    later.removeBridge(HOST, "xapi1");
    require(!Kernel.exists("xenbr0") && !Kernel.exists("xapi1"), "bridges go");

    Kernel.ip("tuntap", "add", "dev", Tap.of(VM, 0).device(), "mode", "tap");
    later.ensureBridge(HOST, "xenbr0", 1500);
    refused(Reason.ALREADY_EXISTS, () -> later.attach(HOST, VM, 0, "xenbr0", 1500, true));
    later.detach(HOST, VM, 0);
    require(Kernel.exists(Tap.of(VM, 0).device()), "another's tap stays");
    System.out.println("backend=" + network.backend(HOST));
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
