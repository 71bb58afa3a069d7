package io.keelson.cli.command;

import io.keelson.cli.call.CommandException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Whether the user really means it. */
public final class Consent {
  private Consent() {}

  /**
   * Warns, and waits for a yes.
   *
   * @throws CommandException when something else is typed
   */
  public static void to(Invocation invocation, List<String> warnings) throws IOException {
    Terminal terminal = invocation.terminal();
    for (String warning : warnings) {
      terminal.print(warning);
    }
    terminal.print("Type 'yes' to continue");
    String typed = terminal.ask();
    if (!typed.toLowerCase(Locale.ROOT).equals("yes")) {
      terminal.print("Aborted (you typed: '" + typed + "')");
      throw CommandException.ended(1);
    }
  }

  /** What there is no question about is forced, or not done. */
  public static CommandException mustBeForced() {
    return CommandException.failed(
        "This operation is extremely dangerous and may cause data loss. This operation must be"
            + " forced (use --force).");
  }
}
