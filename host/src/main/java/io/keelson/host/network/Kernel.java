package io.keelson.host.network;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kernel's network devices, changed through iproute2. What is made here carries an alias that
 * says so; it lasts as long as the device, so that a later process knows it too.
 */
final class Kernel {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Path DEVICES = Path.of("/sys/class/net");

  private Kernel() {}

  static boolean exists(String device) {
    return Files.exists(DEVICES.resolve(device));
  }

  static boolean isBridge(String device) {
    return Files.exists(DEVICES.resolve(device).resolve("bridge"));
  }

  /** The alias of a device; empty when it has none or is not there. */
  static String alias(String device) {
    return fact(device, "ifalias");
  }

  /** The devices in a bridge. */
  static List<String> members(String bridge) {
    return names(DEVICES.resolve(bridge).resolve("brif"));
  }

  static List<String> devices() {
    return names(DEVICES);
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The hardware address of a device; empty when it is not there. */
  static String mac(String device) {
    return fact(device, "address");
  }

  /** Whether a device has a link. */
  static boolean carrier(String device) {
    return fact(device, "carrier").equals("1");
  }

  private static String fact(String device, String fact) {
    try {
      return Files.readString(DEVICES.resolve(device).resolve(fact)).strip();
    } catch (IOException e) {
      // An interface that is down refuses to tell its carrier.
      return "";
    }
  }

  /** The bridge that a device is in. */
  static Optional<String> master(String device) {
    try {
      Path master = DEVICES.resolve(device).resolve("master").toRealPath();
      return Optional.of(master.getFileName().toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Makes sure the tap is there and nobody else's. Raises ALREADY_EXISTS. */
  static void ensureTap(Tap tap, int mtu) {
    if (!exists(tap.device())) {
      ip("tuntap", "add", "dev", tap.device(), "mode", "tap");
      ip("link", "set", "dev", tap.device(), "alias", tap.owner());
    } else if (!alias(tap.device()).equals(tap.owner())) {
      throw new DriverException(
          Reason.ALREADY_EXISTS, "interface " + tap.device() + " is not of " + tap.owner());
    }
    ip("link", "set", "dev", tap.device(), "mtu", Integer.toString(mtu));
  }

  /** Removes the tap if it is there and of its owner; says whether it was. */
  static boolean removeTap(Tap tap) {
    boolean own = alias(tap.device()).equals(tap.owner());
    if (own) {
      remove(tap.device());
    }
    return own;
  }

  /** Removes a device, however it was made. */
  static void remove(String device) {
    Outcome outcome = run("link", "delete", "dev", device);
    if (!outcome.ok() && exists(device)) {
      throw failure(outcome);
    }
  }

  static void ip(String... arguments) {
    Outcome outcome = run(arguments);
    if (!outcome.ok()) {
      throw failure(outcome);
    }
  }

  /** What {@code ip} tells; empty when the device is not there. */
  static String ask(String... arguments) {
    Outcome outcome = run(arguments);
    return outcome.ok() ? outcome.output() : "";
  }

  /** Runs lines of {@code ip} one after the other up to the first that fails; what that said. */
  static Optional<String> batch(List<String> lines) {
    Path file = CommandFile.write(lines);
    try {
      Outcome outcome = run("-batch", file.toString());
      return outcome.ok() ? Optional.empty() : Optional.of(outcome.complaint());
    } finally {
      CommandFile.remove(file);
    }
  }

  /** Whether this process may make bridges and taps here: it makes and removes one of each. */
  static boolean allowsBridges() {
    String name = "kprobe" + ProcessHandle.current().pid() % 1_000_000;
    try {
      ip("link", "add", "name", name + "b", "type", "bridge");
      try {
        ip("tuntap", "add", "dev", name + "t", "mode", "tap");
        remove(name + "t");
        return true;
      } finally {
        remove(name + "b");
      }
    } catch (DriverException e) {
      return false;
    }
  }

  private static Outcome run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    return Program.run(LIMIT, command);
  }

  private static DriverException failure(Outcome outcome) {
    return failure(outcome.complaint());
  }

  static DriverException failure(String complaint) {
    boolean lacking =
        complaint.contains("Unknown device type") || complaint.contains("not supported");
    return new DriverException(lacking ? Reason.UNSUPPORTED : Reason.FAILED, complaint);
  }
}
