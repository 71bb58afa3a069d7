package io.keelson.cli.command.pool;

import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.CommandLine.Parameter;
import io.keelson.cli.command.Invocation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Alerts, raised and dismissed by hand. */
public final class MessageCommands {
  /** Whom an alert can be about, by the parameter that has the uuid. */
  private static final Map<String, String> ABOUT =
      new TreeMap<>(
          Map.of("vm-uuid", "VM", "host-uuid", "Host", "sr-uuid", "SR", "pool-uuid", "Pool"));

  private MessageCommands() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "message-create",
            List.of("name", "priority", "body"),
            List.copyOf(ABOUT.keySet()),
            "Raises an alert about one object.",
            MessageCommands::create),
        Command.onOne("message-destroy", "Dismisses an alert.", "message.destroy"));
  }

  private static void create(Invocation invocation) {
    List<Parameter> about =
        invocation.line().parameters().stream()
            .filter(parameter -> ABOUT.containsKey(parameter.name()))
            .toList();
    if (about.size() != 1) {
      throw CommandException.failed("Need one of: vm-uuid, host-uuid, sr-uuid or pool-uuid");
    }
    Value priority;
    try {
      priority = new Value.Whole(Long.parseLong(invocation.required("priority")));
    } catch (NumberFormatException _) {
      throw CommandException.failed("Priority field should be an integer");
    }
    invocation.call(
        "message.create",
        List.of(
            Arguments.text(invocation, "name"),
            priority,
            new Value.Text(ABOUT.getOrDefault(about.getFirst().name(), "")),
            new Value.Text(about.getFirst().value()),
            Arguments.text(invocation, "body")));
  }
}
