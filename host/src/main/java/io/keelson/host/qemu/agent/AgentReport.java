package io.keelson.host.qemu.agent;

import io.keelson.host.GuestReport;
import io.keelson.host.GuestReport.Card;
import io.keelson.host.GuestReport.Feature;
import io.keelson.host.GuestReport.OperatingSystem;
import io.keelson.host.qemu.qmp.Json;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Makes a report of an agent's answers, of which no word is trusted. */
final class AgentReport {
  private static final int LONGEST_TEXT = 256;
  private static final int MOST_CARDS = 32;
  private static final int MOST_ADDRESSES = 32;

  private AgentReport() {}

  /**
   * @param info answer to guest-info
   * @param system to guest-get-osinfo
   * @param host to guest-get-host-name
   * @param network to guest-network-get-interfaces
   */
  static GuestReport of(Json info, Json system, Json host, Json network) {
    Set<Feature> features = features(members(info));
    if (!GuestCards.knows(members(system))) {
      features.remove(Feature.ADDRESSES);
      features.remove(Feature.SETTINGS);
    }
    return new GuestReport(
        text(members(info), "version"),
        system(members(system)),
        text(members(host), "host-name"),
        cards(network),
        features);
  }

  /** What the agent says that it can be asked for. */
  static Set<Feature> features(Json.Members info) {
    Set<String> enabled = new HashSet<>();
    for (Json command : info.items("supported_commands")) {
      if (command instanceof Json.Members members && members.isTrue("enabled")) {
        members.text("name").ifPresent(enabled::add);
      }
    }
    EnumSet<Feature> features = EnumSet.noneOf(Feature.class);
    for (Feature feature : Feature.values()) {
      if (enabled.containsAll(commands(feature))) {
        features.add(feature);
      }
    }
    return features;
  }

  private static List<String> commands(Feature feature) {
    return switch (feature) {
      case SHUTDOWN -> List.of("guest-shutdown");
      case FREEZE -> List.of("guest-fsfreeze-freeze", "guest-fsfreeze-thaw");
      case PROCESSORS -> List.of("guest-get-vcpus", "guest-set-vcpus");
      case ADDRESSES, SETTINGS -> List.of("guest-exec", "guest-exec-status");
    };
  }

  private static OperatingSystem system(Json.Members system) {
    String name = text(system, "pretty-name");
    String version = text(system, "version-id");
    return new OperatingSystem(
        text(system, "id").toLowerCase(Locale.ROOT),
        name.isEmpty() ? text(system, "name") : name,
        version.isEmpty() ? text(system, "version") : version,
        text(system, "kernel-release"));
  }

  private static List<Card> cards(Json network) {
    List<Card> cards = new ArrayList<>();
    if (network instanceof Json.Items(List<Json> interfaces)) {
      for (Json one : interfaces) {
        if (one instanceof Json.Members members && cards.size() < MOST_CARDS) {
          String mac = text(members, "hardware-address").toLowerCase(Locale.ROOT);
          if (mac.matches("([0-9a-f]{2}:){5}[0-9a-f]{2}") && !mac.equals("00:00:00:00:00:00")) {
            cards.add(new Card(mac, addresses(members, "ipv4"), addresses(members, "ipv6")));
          }
        }
      }
    }
    return cards;
  }

  private static List<String> addresses(Json.Members card, String kind) {
    return card.items("ip-addresses").stream()
        .filter(Json.Members.class::isInstance)
        .map(Json.Members.class::cast)
        .filter(address -> address.text("ip-address-type").orElse("").equals(kind))
        .map(address -> text(address, "ip-address"))
        .filter(address -> address.matches("[0-9A-Fa-f.:]{2,45}"))
        .limit(MOST_ADDRESSES)
        .toList();
  }

  private static Json.Members members(Json json) {
    return json instanceof Json.Members members ? members : Json.object().build();
  }

  private static String text(Json.Members members, String key) {
    return text(members.text(key).orElse(""));
  }

  /** A guest's text, short and printable. */
  static String text(String said) {
    StringBuilder clean = new StringBuilder();
    said.codePoints()
        .map(point -> isPrintable(point) ? point : ' ')
        .limit(LONGEST_TEXT)
        .forEach(clean::appendCodePoint);
    return clean.toString().strip();
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
