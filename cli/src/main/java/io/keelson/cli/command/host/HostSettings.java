package io.keelson.cli.command.host;

import static io.keelson.cli.command.Command.Mark.HIDDEN;
import static io.keelson.cli.command.Command.Mark.HOST_SELECTORS;
import static io.keelson.cli.command.Command.Mark.LOCAL_SESSION;

import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Consent;
import io.keelson.cli.command.FileTransfer;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Selection;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How hosts are reached, named, logged and shown, and plugins that they run. */
public final class HostSettings {
  private static final List<String> NONE = List.of();
  private static final List<String> HOST = List.of("host-uuid");
  private static final String IN_A_FILE = ":file";

  private HostSettings() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "host-management-reconfigure",
            List.of("pif-uuid"),
            NONE,
            "Reaches a host through another interface from now on.",
            invocation ->
                invocation.call(
                    "host.management_reconfigure",
                    Arguments.object(invocation, "PIF", "pif-uuid"))),
        Command.of(
            "host-management-disable",
            NONE,
            NONE,
            "Reaches the host that is spoken to through no interface any more.",
            invocation -> invocation.call("host.management_disable")),
        Command.of(
            "host-emergency-management-reconfigure",
            List.of("interface"),
            NONE,
            "Reaches the host that is spoken to through another interface, in an emergency.",
            invocation ->
                invocation.call(
                    "host.local_management_reconfigure", invocation.required("interface")),
            LOCAL_SESSION),
        Command.of(
            "host-emergency-ha-disable",
            NONE,
            List.of("force"),
            "Turns high availability off where it cannot be reached. Needs --force.",
            HostSettings::disableHa,
            LOCAL_SESSION),
        onOne("host-syslog-reconfigure", "Logs as the host's logging says.", "syslog_reconfigure"),
        Command.of(
            "host-set-hostname-live",
            List.of("host-uuid", "host-name"),
            NONE,
            "Gives a host another name, the machine too.",
            invocation ->
                invocation.call(
                    "host.set_hostname_live",
                    Arguments.object(invocation, "host", "host-uuid"),
                    invocation.required("host-name"))),
        display("host-enable-display", "Shows the console on a host's screen.", "enable_display"),
        display(
            "host-disable-display",
            "Shows no console on a host's screen, after its next start.",
            "disable_display"),
        Command.of(
            "host-enable-local-storage-caching",
            List.of("sr-uuid"),
            NONE,
            "Keeps what VMs read of shared disks in a repository of the host.",
            HostSettings::cache,
            HOST_SELECTORS),
        Command.of(
            "host-disable-local-storage-caching",
            NONE,
            NONE,
            "Keeps nothing of shared disks on hosts.",
            invocation ->
                Selection.ofHosts(
                    invocation,
                    Set.of(),
                    host -> invocation.call("host.disable_local_storage_caching", host.ref())),
            HOST_SELECTORS),
        Command.of(
            "host-enable-external-auth",
            List.of("host-uuid", "auth-type", "service-name"),
            List.of("config:", "force"),
            "Lets users of a directory log in at one host. Needs --force; see"
                + " pool-enable-external-auth.",
            HostSettings::enableDirectory,
            HIDDEN),
        Command.of(
            "host-disable-external-auth",
            HOST,
            List.of("config:", "force"),
            "Lets no users of a directory log in at one host. Needs --force.",
            HostSettings::disableDirectory,
            HIDDEN),
        Command.of(
            "host-call-plugin",
            List.of("host-uuid", "plugin", "fn"),
            List.of("args:"),
            "Runs a function of a plugin on a host, with arguments as args:<key>=<value>, or"
                + " args:<key>:file=<file> where a file has the value.",
            HostSettings::callPlugin));
  }

  private static Command onOne(String name, String help, String message) {
    return Command.of(
        name,
        HOST,
        NONE,
        help,
        invocation ->
            invocation.call("host." + message, Arguments.object(invocation, "host", "host-uuid")));
  }

  private static Command display(String name, String help, String message) {
    return Command.of(
        name,
        List.of("uuid"),
        NONE,
        help,
        invocation ->
            invocation
                .printer()
                .list(
                    List.of(
                        Values.text(
                            invocation.call(
                                "host." + message,
                                Arguments.object(invocation, "host", "uuid"))))));
  }

  private static void disableHa(Invocation invocation) {
    if (!invocation.flag("force")) {
      throw Consent.mustBeForced();
    }
    invocation.call("host.emergency_ha_disable");
  }

  private static void cache(Invocation invocation) throws IOException {
    String sr = Arguments.object(invocation, "SR", "sr-uuid");
    Selection.ofHosts(
        invocation,
        Set.of("sr-uuid"),
        host -> invocation.call("host.enable_local_storage_caching", host.ref(), sr));
  }

  private static void enableDirectory(Invocation invocation) {
    forced(invocation);
    invocation.call(
        "host.enable_external_auth",
        List.of(
            Arguments.reference(invocation, "host", "host-uuid"),
            Arguments.map(invocation, "config"),
            new Value.Text(invocation.required("service-name")),
            new Value.Text(invocation.required("auth-type"))));
  }

  private static void disableDirectory(Invocation invocation) {
    forced(invocation);
    invocation.call(
        "host.disable_external_auth",
        List.of(
            Arguments.reference(invocation, "host", "host-uuid"),
            Arguments.map(invocation, "config")));
  }

  private static void forced(Invocation invocation) {
    if (!invocation.flag("force")) {
      throw CommandException.failed(
          "This operation is provided only to recover individual hosts that are unable to access"
              + " the external authentication service. This operation must be forced (use"
              + " --force).");
    }
  }

  private static void callPlugin(Invocation invocation) throws IOException {
    Value answer =
        invocation.call(
            "host.call_plugin",
            List.of(
                Arguments.reference(invocation, "host", "host-uuid"),
                new Value.Text(invocation.required("plugin")),
                new Value.Text(invocation.required("fn")),
                Values.of(arguments(invocation))));
    invocation.printer().list(List.of(Values.text(answer)));
  }

  private static Map<String, String> arguments(Invocation invocation) throws IOException {
    Map<String, String> arguments = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : invocation.line().map("args").entrySet()) {
      String key = entry.getKey();
      if (key.endsWith(IN_A_FILE)) {
        arguments.put(
            key.substring(0, key.length() - IN_A_FILE.length()),
            FileTransfer.text(invocation, entry.getValue()));
      } else {
        arguments.put(key, entry.getValue());
      }
    }
    return arguments;
  }
}
