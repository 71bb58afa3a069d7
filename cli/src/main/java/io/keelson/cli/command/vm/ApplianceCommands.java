package io.keelson.cli.command.vm;

import io.keelson.api.Value;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Results;
import io.keelson.cli.command.Work;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** VMs that start and stop together. */
public final class ApplianceCommands {
  private static final List<String> UUID = List.of("uuid");

  private ApplianceCommands() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "appliance-create",
            List.of("name-label"),
            List.of("name-description"),
            "Makes an appliance. A VM comes into it with vm-param-set appliance=<uuid>.",
            ApplianceCommands::create),
        Command.of(
            "appliance-destroy",
            UUID,
            List.of(),
            "Removes an appliance; its VMs stay.",
            invocation -> invocation.call("VM_appliance.destroy", appliance(invocation))),
        Command.of(
            "appliance-start",
            UUID,
            List.of("paused"),
            "Starts the VMs of an appliance in their order.",
            invocation ->
                Work.done(
                    invocation,
                    "VM_appliance.start",
                    List.of(
                        new Value.Text(appliance(invocation)),
                        Arguments.flag(invocation, "paused")))),
        Command.of(
            "appliance-shutdown",
            UUID,
            List.of("force"),
            "Shuts the VMs of an appliance down in their order; with --force their power is cut.",
            invocation ->
                Work.done(
                    invocation,
                    invocation.flag("force")
                        ? "VM_appliance.hard_shutdown"
                        : "VM_appliance.clean_shutdown",
                    List.of(new Value.Text(appliance(invocation))))));
  }

  private static String appliance(Invocation invocation) {
    return Arguments.object(invocation, "VM_appliance", "uuid");
  }

  private static void create(Invocation invocation) throws IOException {
    Value record =
        new Value.Structure(
            Map.of(
                "name_label", Arguments.text(invocation, "name-label"),
                "name_description", Arguments.text(invocation, "name-description")));
    Results.print(
        invocation,
        "VM_appliance",
        Values.text(invocation.call("VM_appliance.create", List.of(record))));
  }
}
