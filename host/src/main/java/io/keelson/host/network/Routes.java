package io.keelson.host.network;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The machine's IPv4 default routes, as {@code /proc/net/route} lists them. */
record Routes(List<Default> defaults) {
  Routes {
    defaults = List.copyOf(defaults);
  }

  /** One default route. */
  record Default(String device, String gateway, long metric) {}

  static Routes read(String table) {
    return new Routes(
        table
            .lines()
            .skip(1)
            .map(line -> line.strip().split("\\s+"))
            .filter(words -> words.length >= 8)
            .filter(words -> words[1].equals("00000000") && words[7].equals("00000000"))
            .filter(words -> words[2].matches("[0-9A-F]{8}") && words[6].matches("\\d{1,18}"))
            .map(words -> new Default(words[0], address(words[2]), Long.parseLong(words[6])))
            .toList());
  }

  Optional<String> defaultInterface() {
    return defaults.stream().min(Comparator.comparingLong(Default::metric)).map(Default::device);
  }

  /** The gateway of the default route through the interface. */
  Optional<String> gateway(String device) {
    return defaults.stream()
        .filter(route -> route.device().equals(device) && !route.gateway().equals("0.0.0.0"))
        .map(Default::gateway)
        .findFirst();
  }

  /** The kernel prints the address as one number in the machine's byte order, little-endian. */
  private static String address(String hex) {
    long bits = Long.parseLong(hex, 16);
    return (bits & 255) + "." + (bits >> 8 & 255) + "." + (bits >> 16 & 255) + "." + (bits >> 24);
  }
}
