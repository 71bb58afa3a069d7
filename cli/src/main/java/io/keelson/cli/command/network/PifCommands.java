package io.keelson.cli.command.network;

import static io.keelson.cli.command.Command.Mark.HIDDEN;

import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.CommandLine.Parameter;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Results;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Interfaces of hosts, and bonds of them. */
public final class PifCommands {
  private static final Map<String, String> IPV4_MODES =
      Map.of("none", "None", "dhcp", "DHCP", "static", "Static");
  private static final Map<String, String> IPV6_MODES =
      Map.of("none", "None", "dhcp", "DHCP", "static", "Static", "autoconf", "Autoconf");
  private static final Map<String, String> ADDRESS_TYPES = Map.of("ipv4", "IPv4", "ipv6", "IPv6");
  private static final Map<String, String> BOND_MODES =
      Map.of("balance-slb", "balance-slb", "active-backup", "active-backup", "lacp", "lacp");

  private PifCommands() {}

  public static List<Command> all() {
    return List.of(
        Command.onOne("pif-plug", "Brings an interface up.", "PIF.plug"),
        Command.onOne("pif-unplug", "Brings an interface down.", "PIF.unplug"),
        Command.of(
            "pif-reconfigure-ip",
            List.of("uuid", "mode"),
            List.of("IP", "netmask", "gateway", "DNS"),
            "Changes how an interface gets its address: mode is none, dhcp or static.",
            PifCommands::reconfigure),
        Command.of(
            "pif-reconfigure-ipv6",
            List.of("uuid", "mode"),
            List.of("IPv6", "gateway", "DNS"),
            "Changes how an interface gets its IPv6 address: mode is none, dhcp, static or"
                + " autoconf.",
            PifCommands::reconfigure6),
        Command.of(
            "pif-set-primary-address-type",
            List.of("uuid", "primary_address_type"),
            List.of(),
            "Says by which address an interface is reached: IPv4 or IPv6.",
            PifCommands::setPrimary),
        Command.of(
            "pif-scan",
            List.of("host-uuid"),
            List.of(),
            "Looks for interfaces of a host that are new.",
            invocation ->
                invocation.call("PIF.scan", Arguments.object(invocation, "host", "host-uuid"))),
        Command.of(
            "pif-introduce",
            List.of("host-uuid", "device"),
            List.of("mac", "managed"),
            "Takes in an interface of a host.",
            PifCommands::introduce),
        Command.onOne("pif-forget", "Forgets an interface.", "PIF.forget"),
        Command.onOne(
            "pif-db-forget",
            "Removes the record of an interface, whatever the host has.",
            "PIF.db_forget",
            HIDDEN),
        Command.of(
            "bond-create",
            List.of("network-uuid", "pif-uuids"),
            List.of("mac", "mode", "properties:"),
            "Makes one interface of several, whose uuids have commas between them: mode is"
                + " balance-slb, active-backup or lacp.",
            PifCommands::createBond),
        Command.onOne("bond-destroy", "Takes a bond apart.", "Bond.destroy"),
        Command.of(
            "bond-set-mode",
            List.of("uuid", "mode"),
            List.of(),
            "Changes the mode of a bond.",
            PifCommands::setMode));
  }

  private static void reconfigure(Invocation invocation) {
    invocation.call(
        "PIF.reconfigure_ip",
        List.of(
            Arguments.reference(invocation, "PIF", "uuid"),
            word(invocation, "mode", IPV4_MODES),
            anyCase(invocation, "IP"),
            Arguments.text(invocation, "netmask"),
            Arguments.text(invocation, "gateway"),
            anyCase(invocation, "DNS")));
  }

  private static void reconfigure6(Invocation invocation) {
    invocation.call(
        "PIF.reconfigure_ipv6",
        List.of(
            Arguments.reference(invocation, "PIF", "uuid"),
            word(invocation, "mode", IPV6_MODES),
            anyCase(invocation, "IPv6"),
            Arguments.text(invocation, "gateway"),
            anyCase(invocation, "DNS")));
  }

  private static void setPrimary(Invocation invocation) {
    invocation.call(
        "PIF.set_primary_address_type",
        List.of(
            Arguments.reference(invocation, "PIF", "uuid"),
            word(invocation, "primary_address_type", ADDRESS_TYPES)));
  }

  private static void introduce(Invocation invocation) throws IOException {
    boolean managed = invocation.get("managed").isEmpty() || invocation.flag("managed");
    String pif =
        Values.text(
            invocation.call(
                "PIF.introduce",
                List.of(
                    Arguments.reference(invocation, "host", "host-uuid"),
                    Arguments.text(invocation, "mac"),
                    new Value.Text(invocation.required("device")),
                    new Value.Flag(managed))));
    Results.print(invocation, "PIF", pif);
  }

  private static void createBond(Invocation invocation) throws IOException {
    Value mode =
        invocation.get("mode").isPresent()
            ? word(invocation, "mode", BOND_MODES)
            : new Value.Text("balance-slb");
    String bond =
        Values.text(
            invocation.call(
                "Bond.create",
                List.of(
                    Arguments.reference(invocation, "network", "network-uuid"),
                    Arguments.objects(invocation, "PIF", invocation.required("pif-uuids")),
                    Arguments.text(invocation, "mac"),
                    mode,
                    Arguments.map(invocation, "properties"))));
    Results.print(invocation, "Bond", bond);
  }

  private static void setMode(Invocation invocation) {
    invocation.call(
        "Bond.set_mode",
        List.of(
            Arguments.reference(invocation, "Bond", "uuid"), word(invocation, "mode", BOND_MODES)));
  }

  /** What the API calls a word that may be typed in any case. */
  private static Value word(Invocation invocation, String parameter, Map<String, String> words) {
    String typed = invocation.required(parameter);
    String meant = words.get(typed.toLowerCase(Locale.ROOT));
    if (meant == null) {
      Set<String> known = new TreeSet<>(words.keySet());
      throw CommandException.failed(
          "Failed to parse parameter '%s': expecting one of %s"
              .formatted(parameter, String.join(", ", known)));
    }
    return new Value.Text(meant);
  }

  private static Value anyCase(Invocation invocation, String parameter) {
    return new Value.Text(
        invocation.line().parameters().stream()
            .filter(given -> given.name().equalsIgnoreCase(parameter))
            .map(Parameter::value)
            .findFirst()
            .orElse(""));
  }
}
