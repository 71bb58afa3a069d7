package io.keelson.cli.command.host;

import static io.keelson.cli.command.Command.Mark.HOST_SELECTORS;
import static io.keelson.cli.command.Command.Mark.LOCAL_SESSION;

import io.keelson.api.Value;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Consent;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Selection;
import io.keelson.cli.command.Work;
import io.keelson.cli.record.Item;
import io.keelson.cli.record.Line;
import io.keelson.cli.record.RecordKinds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Hosts put to use and out of use, emptied, turned off and on, given up. */
public final class HostPower {
  private static final List<String> NONE = List.of();
  private static final List<String> UUID = List.of("uuid");

  private HostPower() {}

  public static List<Command> all() {
    return List.of(
        onEach("host-disable", "Lets no VM start on hosts.", "disable"),
        Command.of(
            "host-enable",
            NONE,
            NONE,
            "Lets VMs start on hosts.",
            HostPower::enable,
            HOST_SELECTORS),
        onEach("host-shutdown", "Turns hosts off.", "shutdown"),
        onEach("host-reboot", "Reboots hosts.", "reboot"),
        onEach("host-power-on", "Turns hosts on, as their power-on-mode says.", "power_on"),
        onEach("host-sync-data", "Brings hosts in line with the coordinator.", "sync_data"),
        Command.of(
            "host-set-power-on-mode",
            List.of("power-on-mode"),
            List.of("power-on-config:"),
            "Says how hosts are turned on.",
            HostPower::setMode,
            HOST_SELECTORS),
        Command.of(
            "host-evacuate",
            NONE,
            List.of("progress"),
            "Moves all VMs away from a host.",
            HostPower::evacuate,
            HOST_SELECTORS),
        Command.of(
            "host-get-vms-which-prevent-evacuation",
            UUID,
            List.of("params"),
            "Lists VMs that cannot be moved away from a host, with reasons.",
            HostPower::obstacles),
        Command.of(
            "host-shutdown-agent",
            NONE,
            NONE,
            "Ends the toolstack of the host that is spoken to. VMs run on.",
            invocation -> invocation.call("host.shutdown_agent"),
            LOCAL_SESSION),
        Command.of(
            "host-forget",
            UUID,
            NONE,
            "Forgets a host that is gone for good. One that lives is ejected instead.",
            invocation -> giveUp(invocation, "host.destroy")),
        Command.of(
            "host-declare-dead",
            UUID,
            NONE,
            "Takes a host for dead. Data is lost if it is not.",
            invocation -> giveUp(invocation, "host.declare_dead")));
  }

  private static Command onEach(String name, String help, String message) {
    return Command.of(
        name,
        NONE,
        NONE,
        help,
        invocation ->
            Selection.ofHosts(
                invocation, Set.of(), host -> invocation.call("host." + message, host.ref())),
        HOST_SELECTORS);
  }

  /** Takes back what XenCenter notes of a host in maintenance, or it would disable it again. */
  private static void enable(Invocation invocation) throws IOException {
    Selection.ofHosts(
        invocation,
        Set.of(),
        host -> {
          invocation.call("host.remove_from_other_config", host.ref(), "MAINTENANCE_MODE");
          invocation.call("host.enable", host.ref());
        });
  }

  private static void setMode(Invocation invocation) throws IOException {
    Value mode = new Value.Text(invocation.required("power-on-mode"));
    Value config = Arguments.map(invocation, "power-on-config");
    Selection.ofHosts(
        invocation,
        Set.of("power-on-mode", "power-on-config"),
        host ->
            invocation.call(
                "host.set_power_on_mode", List.of(new Value.Text(host.ref()), mode, config)));
  }

  private static void evacuate(Invocation invocation) throws IOException {
    Selection.ofHost(
        invocation,
        Set.of("progress"),
        host -> Work.done(invocation, "host.evacuate", List.of(new Value.Text(host.ref()))));
  }

  private static void obstacles(Invocation invocation) throws IOException {
    Map<String, Value> reasons =
        Values.members(
            invocation.call(
                "host.get_vms_which_prevent_evacuation",
                Arguments.object(invocation, "host", "uuid")));
    List<String> wanted =
        List.of(invocation.get("params").orElse("uuid,name-label,reason").split(","));
    List<List<Line>> table = new ArrayList<>();
    for (Map.Entry<String, Value> entry : reasons.entrySet()) {
      Item vm =
          RecordKinds.VM.byUuid(
              invocation.objects(), invocation.objects().uuid("VM", entry.getKey()));
      List<Line> lines = new ArrayList<>();
      RecordKinds.VM.attributes().stream()
          .filter(attribute -> wanted.contains("all") || wanted.contains(attribute.name()))
          .forEach(attribute -> lines.add(attribute.cheapLine(vm)));
      if (wanted.contains("all") || wanted.contains("reason")) {
        lines.add(new Line("reason ( RO)", String.join(",", Values.texts(entry.getValue()))));
      }
      table.add(lines);
    }
    invocation.printer().table(table);
  }

  private static void giveUp(Invocation invocation, String message) throws IOException {
    String host = Arguments.object(invocation, "host", "uuid");
    if (!invocation.flag("force")) {
      Consent.to(
          invocation,
          List.of(
              "WARNING: A host should only be forgotten if it is physically unrecoverable;",
              "WARNING: if possible, Hosts should be 'ejected' from the Pool instead.",
              "WARNING: Once a host has been forgotten it will have to be re-installed.",
              "WARNING: This operation is irreversible."));
    }
    invocation.call(message, host);
  }
}
