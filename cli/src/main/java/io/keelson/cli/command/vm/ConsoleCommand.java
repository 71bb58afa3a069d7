package io.keelson.cli.command.vm;

import static io.keelson.cli.command.Command.Mark.VM_SELECTORS;

import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Selection;
import io.keelson.cli.command.Selection.Scope;
import io.keelson.cli.record.Item;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;

/** The user's terminal on the serial line of a VM. */
public final class ConsoleCommand {
  private ConsoleCommand() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "console",
            List.of(),
            List.of(),
            "Joins the terminal and the text console of a VM.",
            ConsoleCommand::join,
            VM_SELECTORS));
  }

  private static void join(Invocation invocation) throws IOException {
    List<Item> vms = Selection.machines(invocation, Scope.WITH_CONTROL_DOMAINS, Set.of());
    if (vms.isEmpty()) {
      throw CommandException.failed("No VM found");
    }
    if (vms.size() > 1) {
      throw CommandException.failed("Multiple VMs found: please narrow your request to one VM.");
    }
    Item vm = vms.getFirst();
    String console =
        Values.texts(vm.field("consoles")).stream()
            .filter(
                ref -> Values.text(invocation.call("console.get_protocol", ref)).equals("vt100"))
            .findFirst()
            .orElseThrow(() -> CommandException.failed("No text console available"));
    URI location = URI.create(Values.text(invocation.call("console.get_location", console)));
    invocation
        .terminal()
        .print(
            "Connecting to console on VM %s. Press Ctrl + ']' to quit."
                .formatted(Values.text(vm.field("name_label"))));
    String path = location.getRawPath() + "?" + location.getRawQuery();
    if (!invocation.terminal().join(path + "&session_id=" + invocation.api().session())) {
      throw CommandException.failed("The console of the VM could not be joined.");
    }
  }
}
