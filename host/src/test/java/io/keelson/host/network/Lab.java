package io.keelson.host.network;

import io.keelson.host.PortSpec;
import io.keelson.host.PortSpec.Guard;
import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * A host in a namespace, with cables to other namespaces: some are guests, whose cable's end on the
 * host stands for their tap, and some are other machines.
 */
final class Lab {
  static final UUID HOST = UUID.randomUUID();
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Lab() {}

  /** A guest with a card, as {@link LinuxNetwork#attach} finds it: with a tap that is there. */
  record Guest(String name, UUID vm, String mac) {
    static Guest make(String name, int number, String address) {
      UUID vm = UUID.randomUUID();
      String mac = "02:00:00:00:00:0" + number;
      Tap tap = Tap.of(vm, 0);
      sh("ip netns add " + name);
      sh("ip link add " + tap.device() + " type veth peer name eth0 netns " + name);
      sh("ip link set dev " + tap.device() + " alias '" + tap.owner() + "'");
      in(name, "ip link set dev eth0 address " + mac + " up");
      in(name, "ip link set dev lo up");
      in(name, "ip address add " + address + " dev eth0");
      return new Guest(name, vm, mac);
    }

    PortSpec port(String bridge, Guard guard) {
      return new PortSpec(bridge, 1500, mac, true, guard);
    }
  }

  /** Another machine at the other end of the host's card. */
  static void cable(String card, String machine, String far) {
    sh("ip link add " + card + " type veth peer name " + far + " netns " + machine);
    sh("ip link set dev " + card + " up");
    in(machine, "ip link set dev " + far + " up");
  }

  static void in(String namespace, String command) {
    sh("ip netns exec " + namespace + " " + command);
  }

  static String sh(String command) {
    Outcome outcome = Program.run(LIMIT, List.of("sh", "-c", command));
    if (!outcome.ok()) {
      throw new IllegalStateException(command + ": " + outcome.complaint());
    }
    return outcome.output();
  }

  /** That a machine reaches an address, once it has forgotten whose card that was before. */
  static void reaches(String namespace, String address) {
    for (int i = 0; i < 60; i++) {
      if (ping(namespace, address)) {
        return;
      }
    }
    throw new IllegalStateException(namespace + " does not reach " + address);
  }

  /** That a machine does not reach an address, however often it tries. */
  static void missesOut(String namespace, String address) {
    for (int i = 0; i < 2; i++) {
      require(!ping(namespace, address), namespace + " does not reach " + address);
    }
  }

  private static boolean ping(String namespace, String address) {
    String ping = "busybox ping -c 1 -W 1 " + address;
    return Program.run(LIMIT, List.of("sh", "-c", "ip netns exec " + namespace + " " + ping)).ok();
  }

  /** How many of a hundred large pings, sent in a second or two, are answered. */
  static int answers(String namespace, String address) {
    String ping = "for i in $(seq 10); do busybox ping -c 10 -A -W 1 -s 1400 " + address;
    Outcome outcome =
        Program.run(
            Duration.ofSeconds(60),
            List.of("ip", "netns", "exec", namespace, "sh", "-c", ping + " & done; wait"));
    return (int) outcome.output().lines().filter(line -> line.contains("bytes from")).count();
  }

  static void require(boolean good, String what) {
    if (!good) {
      throw new IllegalStateException("not so: " + what);
    }
  }
}
