package io.keelson.cli.dispatch;

import io.keelson.cli.command.Command;
import io.keelson.cli.command.CommandLine;
import io.keelson.cli.command.CommandLine.Parameter;
import io.keelson.cli.command.Printer;
import io.keelson.cli.record.Line;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What commands there are, and how each is given. */
public final class Help {
  private static final int WIDTH = 74;
  private static final String INDENT = "    ";
  private static final Set<String> NO_COMMANDS =
      Set.of("server", "username", "password", "port", "minimal", "all");
  private static final String SELECTORS =
      " Parameters select %1$s by what their fields hold: 'uuid=<uuid>', or any field that"
          + " '%2$s-list params=all' shows; '%2$s=' is a name or a uuid. Where more than one is"
          + " selected, --multiple is needed.";

  private final Commands commands;

  Help(Commands commands) {
    this.commands = commands;
  }

  void tell(CommandLine line, Printer printer) throws IOException {
    List<String> asked =
        line.parameters().stream()
            .map(Parameter::name)
            .filter(name -> !NO_COMMANDS.contains(name))
            .toList();
    if (!asked.isEmpty()) {
      for (String name : asked) {
        tell(name, printer);
      }
      return;
    }
    boolean all = line.flag("all");
    List<String> names =
        commands.all().stream()
            .filter(command -> !command.has(Command.Mark.HIDDEN))
            .filter(command -> all || command.has(Command.Mark.STANDARD))
            .map(Command::name)
            .sorted()
            .toList();
    if (line.flag("minimal")) {
      printer.list(names);
    } else if (all) {
      printer.list(List.of(usage("") + "\n\nFull command list\n-----------------"));
      printer.list(lines(of(names, name -> name.startsWith("host-"))));
      printer.list(lines(List.of("")));
      printer.list(lines(of(names, name -> name.startsWith("vm-"))));
      printer.list(lines(List.of("")));
      printer.list(lines(of(names, name -> !name.startsWith("host-") && !name.startsWith("vm-"))));
    } else {
      printer.list(
          List.of(
              usage("\nTo get a full listing of commands: xe help --all")
                  + "\n\nCommon command list\n-------------------"));
      printer.list(lines(names));
    }
  }

  private void tell(String name, Printer printer) throws IOException {
    Command command = commands.find(name).orElse(null);
    if (command == null) {
      printer.list(List.of("Unknown command '" + name + "'"));
      return;
    }
    List<String> optional = new ArrayList<>(command.optional());
    String help = command.help();
    if (command.has(Command.Mark.VM_SELECTORS)) {
      optional.add("<vm-selectors>");
      help += SELECTORS.formatted("VMs", "vm");
    }
    if (command.has(Command.Mark.SR_SELECTORS)) {
      optional.add("<sr-selectors>");
      help += SELECTORS.formatted("repositories", "sr");
    }
    if (command.has(Command.Mark.HOST_SELECTORS)) {
      optional.add("<host-selectors>");
      help += SELECTORS.formatted("hosts", "host");
    }
    printer.table(
        List.of(
            List.of(
                new Line("command name        ", name),
                new Line("reqd params     ", String.join(", ", command.required())),
                new Line("optional params ", String.join(", ", optional)),
                new Line("description     ", help))));
  }

  private static String usage(String more) {
    return "Usage: xe <command> [-s server] [-pw passwd] [-p port] [-u user] [-pwf password-file]\n"
        + "  [command specific arguments]\n\n"
        + "To get help on a specific command: xe help <command>"
        + more;
  }

  private static List<String> of(List<String> names, Predicate<String> wanted) {
    return names.stream().filter(wanted).toList();
  }

  private static List<String> lines(List<String> names) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(INDENT).append(names.getFirst());
    for (String name : names.subList(1, names.size())) {
      if (line.length() + name.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(INDENT).append(name);
      } else {
        line.append(", ").append(name);
      }
    }
    return Stream.concat(lines.stream(), Stream.of(line.toString())).toList();
  }
}
