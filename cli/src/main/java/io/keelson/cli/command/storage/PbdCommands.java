package io.keelson.cli.command.storage;

import io.keelson.api.Value;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Results;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Connections of hosts to repositories. */
public final class PbdCommands {
  private PbdCommands() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "pbd-create",
            List.of("host-uuid", "sr-uuid"),
            List.of("device-config:"),
            "Notes how a host reaches a repository, as device-config:<key>=<value>.",
            PbdCommands::create),
        Command.onOne("pbd-destroy", "Forgets how a host reaches a repository.", "PBD.destroy"),
        Command.onOne("pbd-plug", "Connects a host to a repository.", "PBD.plug"),
        Command.onOne("pbd-unplug", "Disconnects a host from a repository.", "PBD.unplug"));
  }

  private static void create(Invocation invocation) throws IOException {
    String pbd =
        Values.text(
            invocation.call(
                "PBD.create",
                List.of(
                    new Value.Structure(
                        Map.of(
                            "host",
                            Arguments.reference(invocation, "host", "host-uuid"),
                            "SR",
                            Arguments.reference(invocation, "SR", "sr-uuid"),
                            "device_config",
                            Values.of(Arguments.dashedMap(invocation, "device-config")),
                            "other_config",
                            new Value.Structure(Map.of()))))));
    Results.print(invocation, "PBD", pbd);
  }
}
