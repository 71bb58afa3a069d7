package io.keelson.host.network;

import io.keelson.host.Network.BondState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What {@code bond/show} says: the members, and the active one of them.
 *
 * @param active empty when there is none
 */
record BondReport(List<String> members, String active) {
  private static final Pattern MEMBER = Pattern.compile("(?:member|slave) (\\S+): \\w+");
  private static final Pattern ACTIVE = Pattern.compile("\\s+active (?:member|slave)");

  BondReport {
    members = List.copyOf(members);
  }

  static BondReport read(String text) {
    List<String> members = new ArrayList<>();
    String active = "";
    for (String line : text.lines().toList()) {
      Matcher member = MEMBER.matcher(line);
      if (member.matches()) {
        members.add(member.group(1));
      } else if (ACTIVE.matcher(line).matches() && !members.isEmpty()) {
        active = members.getLast();
      }
    }
    return new BondReport(members, active);
  }

  /**
   * @param carrier whether an interface has a link
   */
  BondState state(Predicate<String> carrier) {
    return new BondState(
        members.stream().filter(carrier).collect(Collectors.toUnmodifiableSet()), active);
  }
}
