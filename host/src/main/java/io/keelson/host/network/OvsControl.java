package io.keelson.host.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Gives a bridge an OpenFlow controller, or takes it away.
 *
 * <p>The switch forgets a bridge's flows when it gets its first controller and when it loses its
 * last. What keeps guests' cards in bounds is put back at once. A controller that is away changes
 * nothing: the switch's own answer to that would be to let everything pass, the guards
 * notwithstanding.
 */
final class OvsControl {
  /** Where controllers listen. */
  static final int PORT = 6653;

  private static final Pattern COOKIE = Pattern.compile("cookie=0x([0-9a-f]+)");

  /** What a switch does that nobody steers. */
  private static final String USUAL = "add priority=0,actions=NORMAL";

  private OvsControl() {}

  /**
   * @param bridge of the switch itself: no VLAN within another
   * @param address of the controller; empty for none
   */
  static void steer(String bridge, Optional<String> address) {
    String wanted = address.map(OvsControl::target).orElse("");
    List<String> flows = Vsctl.dumpFlows(bridge);
    if (Vsctl.ask("get-controller", bridge).equals(wanted)) {
      // A switch that was started anew waits for its controller without a single flow.
      if (!wanted.isEmpty() && flows.isEmpty()) {
        Vsctl.changeFlows(bridge, List.of(USUAL));
      }
      return;
    }
    List<String> lines = new ArrayList<>(guards(bridge, flows));
    lines.add(USUAL);
    if (wanted.isEmpty()) {
      Vsctl.require("del-controller", bridge, "--", "del-fail-mode", bridge);
    } else {
      Vsctl.require("set-fail-mode", bridge, "secure", "--", "set-controller", bridge, wanted);
    }
    Vsctl.changeFlows(bridge, lines);
  }

  private static String target(String address) {
    return "tcp:" + (address.contains(":") ? "[" + address + "]" : address) + ":" + PORT;
  }

  /** The flows of the bridge's guests' cards, as lines that add them. */
  private static List<String> guards(String bridge, List<String> flows) {
    Set<Long> ours =
        Vsctl.ask("list-ifaces", bridge)
            .lines()
            .map(device -> new Tap(device, "").cookie())
            .collect(Collectors.toUnmodifiableSet());
    return flows.stream()
        .filter(flow -> cookie(flow).filter(ours::contains).isPresent())
        .map(flow -> "add " + flow)
        .toList();
  }

  private static Optional<Long> cookie(String flow) {
    Matcher found = COOKIE.matcher(flow);
    return found.find()
        ? Optional.of(Long.parseUnsignedLong(found.group(1), 16))
        : Optional.empty();
  }
}
