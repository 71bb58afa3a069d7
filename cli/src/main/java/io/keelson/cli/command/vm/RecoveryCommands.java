package io.keelson.cli.command.vm;

import io.keelson.api.Value;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.ForeignDatabase;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Results;
import java.io.IOException;
import java.util.List;

/** Getting VMs and appliances of a lost pool back. */
public final class RecoveryCommands {
  private static final List<String> UUID = List.of("uuid");

  private RecoveryCommands() {}

  public static List<Command> all() {
    return List.of(
        recover("vm", "VM", "a VM"),
        check("vm", "VM", "a VM"),
        recover("appliance", "VM_appliance", "an appliance"),
        check("appliance", "VM_appliance", "an appliance"),
        Command.of(
            "drtask-create",
            List.of("type"),
            List.of("device-config:", "sr-whitelist"),
            "Brings in the repositories of a lost pool: those of a type at a place, and of them those"
                + " in sr-whitelist=<uuid>,<uuid>.",
            RecoveryCommands::create),
        Command.onOne(
            "drtask-destroy",
            "Lets go of what nothing was recovered from, and ends the recovery.",
            "DR_task.destroy"));
  }

  private static Command recover(String prefix, String apiClass, String who) {
    return Command.of(
        prefix + "-recover",
        UUID,
        List.of("database:", "force"),
        "Recovers " + who + " of the pool whose database is on the disk of database:vdi-uuid=.",
        invocation ->
            ForeignDatabase.open(
                invocation,
                database ->
                    database.call(
                        apiClass + ".recover",
                        List.of(
                            database.call(apiClass + ".get_by_uuid", invocation.required("uuid")),
                            new Value.Text(invocation.api().session()),
                            Arguments.flag(invocation, "force")))));
  }

  private static Command check(String prefix, String apiClass, String who) {
    return Command.of(
        prefix + "-assert-can-be-recovered",
        UUID,
        List.of("database:"),
        "Tells whether the repositories that " + who + " of a lost pool needs are here.",
        invocation ->
            ForeignDatabase.open(
                invocation,
                database ->
                    database.call(
                        apiClass + ".assert_can_be_recovered",
                        List.of(
                            database.call(apiClass + ".get_by_uuid", invocation.required("uuid")),
                            new Value.Text(invocation.api().session())))));
  }

  private static void create(Invocation invocation) throws IOException {
    List<String> only =
        invocation.get("sr-whitelist").map(text -> List.of(text.split(","))).orElse(List.of());
    Results.print(
        invocation,
        "DR_task",
        Values.text(
            invocation.call(
                "DR_task.create",
                List.of(
                    Arguments.text(invocation, "type"),
                    Values.of(Arguments.dashedMap(invocation, "device-config")),
                    Values.of(only)))));
  }
}
