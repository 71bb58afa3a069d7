package io.keelson.host.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The addresses and routes of a device, as {@code ip} writes and reads them. The routes that come
 * with an address by themselves are not among them.
 */
record CardAddresses(List<String> addresses, List<String> routes) {
  private static final Pattern ADDRESS = Pattern.compile("\\sinet6? ([0-9a-fA-F.:]+/\\d+)");

  /** What a route says for a time only, and cannot be told. */
  private static final Pattern PASSING =
      Pattern.compile(" (linkdown|dead|expires \\S+|error \\S+)");

  CardAddresses {
    addresses = List.copyOf(addresses);
    routes = List.copyOf(routes);
  }

  static CardAddresses of(String device) {
    return parse(
        Kernel.ask("-o", "address", "show", "dev", device, "scope", "global"),
        Kernel.ask("route", "show", "dev", device)
            + "\n"
            + Kernel.ask("-6", "route", "show", "dev", device));
  }

  static CardAddresses parse(String addresses, String routes) {
    return new CardAddresses(
        addresses.lines().flatMap(CardAddresses::address).toList(),
        routes
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.contains("proto kernel"))
            .map(line -> PASSING.matcher(line).replaceAll(""))
            .toList());
  }

  private static Stream<String> address(String line) {
    Matcher matcher = ADDRESS.matcher(line);
    return matcher.find() ? Stream.of(matcher.group(1)) : Stream.empty();
  }

  boolean isEmpty() {
    return addresses.isEmpty() && routes.isEmpty();
  }

  /** Moves them from one device to another in one go; moves them back when that fails. */
  void move(String from, String to) {
    if (isEmpty()) {
      return;
    }
    Optional<String> failure = Kernel.batch(moving(from, to));
    if (failure.isPresent()) {
      Optional<String> again = Kernel.batch(moving(to, from));
      throw Kernel.failure(
          "the addresses of "
              + from
              + " cannot go to "
              + to
              + ": "
              + failure.get()
              + again.map(a -> "; and back: " + a).orElse(""));
    }
  }

  /** The lines that move them, whichever of the two devices has which. */
  List<String> moving(String from, String to) {
    List<String> lines = new ArrayList<>();
    lines.add("link set dev " + to + " up");
    for (String address : addresses) {
      String broadcast = address.contains(":") ? " nodad" : " broadcast +";
      lines.add("address replace " + address + broadcast + " dev " + to);
    }
    for (String route : routes) {
      lines.add("route replace " + route + " dev " + to);
    }
    // The last one first: with the first of a subnet the kernel removes the others of it.
    addresses
        .reversed()
        .forEach(address -> lines.add("address delete " + address + " dev " + from));
    return lines;
  }
}
