package io.keelson.host.qemu.agent;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.GuestAddressing;
import io.keelson.host.GuestAddressing.Address;
import io.keelson.host.GuestAddressing.Family;
import io.keelson.host.qemu.qmp.Json;
import java.util.List;
import java.util.Locale;

/**
 * Sets the addresses of a guest's network cards. The agent has no command for it, so a shell in the
 * guest does it with {@code ip}, which every Linux has.
 */
public final class GuestCards {
  private static final String WINDOWS = "mswindows";
  private static final int NO_PROGRAM = 127;
  private static final int NO_CARD = 66;

  /**
   * Arguments: family, hardware address, former address, former gateway, address, gateway; what is
   * empty is not wanted. What the guest found out by itself goes from an IPv4 card, which is known
   * by one address; an IPv6 card keeps it beside ours.
   */
  private static final String SCRIPT =
      """
      PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
      command -v ip >/dev/null 2>&1 || exit 127
      card=
      for entry in /sys/class/net/*; do
        [ -e "$entry/device" ] && [ "$(cat "$entry/address")" = "$2" ] && card=${entry##*/}
      done
      [ -n "$card" ] || exit 66
      [ -z "$4" ] || ip "$1" route del default via "$4" dev "$card" 2>/dev/null
      [ -z "$3" ] || ip "$1" addr del "$3" dev "$card" 2>/dev/null
      [ -n "$5" ] || exit 0
      ip link set "$card" up || exit 1
      [ "$1" != -4 ] || ip -4 addr flush dev "$card" scope global
      ip "$1" addr add "$5" dev "$card" || exit 1
      [ -z "$6" ] || ip "$1" route replace default via "$6" dev "$card" || exit 1
      """;

  private GuestCards() {}

  /**
   * Whether the addresses of such a guest can be set.
   *
   * @param system the agent's answer to guest-get-osinfo
   */
  static boolean knows(Json.Members system) {
    String id = system.text("id").orElse("");
    return !id.isEmpty() && !id.toLowerCase(Locale.ROOT).equals(WINDOWS);
  }

  public static void set(AgentLine line, GuestAddressing change) {
    List<String> arguments =
        List.of(
            "-c",
            SCRIPT,
            "addresses",
            option(change.family()),
            change.mac(),
            change.from().map(Address::ip).orElse(""),
            change.from().map(Address::gateway).orElse(""),
            change.to().map(Address::ip).orElse(""),
            change.to().map(Address::gateway).orElse(""));
    GuestPrograms.Ended ended = GuestPrograms.run(line, "/bin/sh", arguments);
    if (ended.status() != 0) {
      throw new DriverException(
          reason(ended.status()),
          "the guest did not set the address of " + change.mac() + ": " + ended.words());
    }
  }

  private static Reason reason(long status) {
    if (status == NO_PROGRAM) {
      return Reason.UNSUPPORTED;
    }
    return status == NO_CARD ? Reason.NOT_FOUND : Reason.REJECTED_BY_GUEST;
  }

  private static String option(Family family) {
    return switch (family) {
      case IPV4 -> "-4";
      case IPV6 -> "-6";
    };
  }
}
