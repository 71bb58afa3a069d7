package io.keelson.host.network;

import io.keelson.host.Network.Addresses;
import io.keelson.host.Network.Interface;
import io.keelson.host.Traffic;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the machine's real interfaces.
 *
 * <p>Real is what a device stands behind. A container has none of those, but one end of a pair that
 * is named like a card; and where not even that is, what the default route goes through.
 *
 * @param root where {@code sys} and {@code proc} lie
 * @param carriers the bridge that each card is in
 */
record Interfaces(Path root, Map<String, String> carriers) {
  Interfaces {
    carriers = Map.copyOf(carriers);
  }

  List<Interface> real() {
    List<String> names = names();
    List<String> real = names.stream().filter(this::card).toList();
    if (real.isEmpty()) {
      Optional<String> routed = Routes.read(text("proc/net/route")).defaultInterface();
      real = names.stream().filter(name -> routed.filter(name::equals).isPresent()).toList();
    }
    return real.stream().map(this::describe).toList();
  }

  private List<String> names() {
    try (Stream<Path> entries = Files.list(root.resolve("sys/class/net"))) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !name.equals("lo") && Files.isDirectory(sys(name)))
          .sorted(Comparator.naturalOrder())
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private boolean card(String name) {
    if (Files.exists(sys(name).resolve("device"))) {
      return true;
    }
    boolean virtual =
        Files.exists(sys(name).resolve("bridge"))
            || Files.exists(sys(name).resolve("tun_flags"))
            || Files.exists(sys(name).resolve("bonding"))
            || fact(name, "uevent").contains("DEVTYPE=");
    return name.matches("(eth|en).*") && !virtual && fact(name, "type").equals("1");
  }

  private Interface describe(String name) {
    // A card in a bridge keeps its addresses on the bridge.
    String bridge = carriers.getOrDefault(name, master(name).orElse(name));
    Addresses addresses = addresses(hasIpv4(name) ? name : bridge);
    long speed = number(fact(name, "speed"));
    return new Interface(
        name,
        fact(name, "address").toLowerCase(Locale.ROOT),
        (int) number(fact(name, "mtu")),
        fact(name, "carrier").equals("1"),
        Math.max(0, speed),
        fact(name, "duplex").equals("full"),
        addresses.ip(),
        addresses.netmask(),
        addresses.gateway(),
        addresses.ipv6(),
        driver(name),
        pci(name),
        new PciCards(root).at(pci(name)));
  }

  /** What an interface has carried. */
  Optional<Traffic> traffic(String name) {
    String received = fact(name, "statistics/rx_bytes");
    if (received.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Traffic(
            number(received),
            number(fact(name, "statistics/tx_bytes")),
            number(fact(name, "statistics/rx_errors")),
            number(fact(name, "statistics/tx_errors"))));
  }

  /** The addresses of a device, and the default route through it. */
  Addresses addresses(String device) {
    List<InterfaceAddress> addresses = all(device);
    Optional<InterfaceAddress> ip = addresses.stream().filter(Interfaces::isIpv4).findFirst();
    return new Addresses(
        ip.map(a -> a.getAddress().getHostAddress()).orElse(""),
        ip.map(a -> netmask(a.getNetworkPrefixLength())).orElse(""),
        Routes.read(text("proc/net/route")).gateway(device).orElse(""),
        addresses.stream().filter(a -> !isIpv4(a)).map(Interfaces::ipv6).toList());
  }

  private static boolean hasIpv4(String device) {
    return all(device).stream().anyMatch(Interfaces::isIpv4);
  }

  private static boolean isIpv4(InterfaceAddress address) {
    return address.getAddress() instanceof Inet4Address;
  }

  private static List<InterfaceAddress> all(String name) {
    try {
      NetworkInterface found = NetworkInterface.getByName(name);
      return found == null ? List.of() : found.getInterfaceAddresses();
    } catch (SocketException e) {
      return List.of();
    }
  }

  private static String ipv6(InterfaceAddress address) {
    String text = address.getAddress().getHostAddress().replaceFirst("%.*", "");
    return text + "/" + address.getNetworkPrefixLength();
  }

  static String netmask(int prefix) {
    long mask = prefix == 0 ? 0 : (0xffffffffL << (32 - prefix)) & 0xffffffffL;
    return (mask >> 24) + "." + (mask >> 16 & 255) + "." + (mask >> 8 & 255) + "." + (mask & 255);
  }

  private Optional<String> master(String name) {
    return linkName(sys(name).resolve("master"));
  }

  private String driver(String name) {
    return linkName(sys(name).resolve("device/driver")).orElse("");
  }

  /** The nearest device on the PCI bus: a virtio card's own device is one level below it. */
  private String pci(String name) {
    try {
      Path device = sys(name).resolve("device").toRealPath();
      String found = "";
      for (Path part : device) {
        if (part.toString().matches("[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]")) {
          found = part.toString();
        }
      }
      return found;
    } catch (IOException e) {
      return "";
    }
  }

  private static Optional<String> linkName(Path link) {
    try {
      return Files.exists(link, LinkOption.NOFOLLOW_LINKS)
          ? Optional.of(link.toRealPath().getFileName().toString())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Path sys(String name) {
    return root.resolve("sys/class/net").resolve(name);
  }

  private String fact(String name, String fact) {
    return text("sys/class/net/" + name + "/" + fact);
  }

  private String text(String path) {
    try (InputStream in = Files.newInputStream(root.resolve(path))) {
      return new String(in.readNBytes(1 << 20), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      // An interface that is down refuses to tell its speed or carrier.
      return "";
    }
  }

  private static long number(String text) {
    return text.matches("-?\\d{1,18}") ? Long.parseLong(text) : 0;
  }
}
