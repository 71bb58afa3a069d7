package io.keelson.cli.command.host;

import io.keelson.api.Value;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Invocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The licences of all hosts and of the pool, one a line. */
final class LicenceTable {
  private static final int SHORT_UUID = 8;
  private static final String NOTHING = "-";
  private static final String RESTRICTION = "restrict_";
  private static final List<String> HEADING =
      List.of("Hostname", "UUID", "Features", "Code", "Free", "Expiry");

  private LicenceTable() {}

  static void show(Invocation invocation) throws IOException {
    List<String> divider = Collections.nCopies(HEADING.size(), NOTHING);
    List<List<String>> rows = new ArrayList<>(List.of(HEADING, divider));
    boolean free = false;
    for (Value value : Values.members(invocation.call("host.get_all_records")).values()) {
      Map<String, Value> host = Values.members(value);
      Map<String, String> licence = Values.map(Values.member(host, "license_params"));
      String edition = Values.text(Values.member(host, "edition"));
      boolean costsNothing = edition.equals("free");
      free |= costsNothing;
      rows.add(
          List.of(
              Values.text(Values.member(host, "hostname")),
              Values.text(Values.member(host, "uuid")).substring(0, SHORT_UUID),
              features(licence),
              edition,
              Boolean.toString(costsNothing),
              licence.getOrDefault("expiry", NOTHING)));
    }
    Map<String, String> pool =
        Values.map(invocation.call("pool.get_restrictions", Arguments.pool(invocation)));
    rows.add(divider);
    rows.add(List.of(NOTHING, NOTHING, features(pool), NOTHING, Boolean.toString(free), NOTHING));
    for (String line : aligned(rows)) {
      invocation.printer().message(line);
    }
  }

  /** All of them, or those that are kept back. */
  private static String features(Map<String, String> restrictions) {
    String kept =
        restrictions.entrySet().stream()
            .filter(
                entry -> entry.getKey().startsWith(RESTRICTION) && entry.getValue().equals("true"))
            .map(entry -> entry.getKey().substring(RESTRICTION.length()))
            .sorted()
            .collect(Collectors.joining(","));
    return kept.isEmpty() ? "all" : "without:" + kept;
  }

  private static List<String> aligned(List<List<String>> rows) {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        int at = column;
        int width = rows.stream().mapToInt(other -> other.get(at).length()).max().orElse(0);
        line.append(row.get(column)).append(" ".repeat(width - row.get(column).length() + 1));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
