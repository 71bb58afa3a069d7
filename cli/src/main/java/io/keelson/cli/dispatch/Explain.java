package io.keelson.cli.dispatch;

import io.keelson.api.ErrorCode;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.CommandLine.Parameter;
import io.keelson.cli.command.ErrorText;
import io.keelson.cli.command.Filter;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Printer;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the codes of errors mean. */
final class Explain {
  private Explain() {}

  static List<Command> all() {
    return List.of(
        Command.of(
            "explain",
            List.of(),
            List.of(),
            "Says what an error of the API means: 'xe explain VM_BAD_POWER_STATE'.",
            Explain::explain,
            Command.Mark.WITHOUT_LOGIN));
  }

  private static void explain(Invocation invocation) throws IOException {
    List<String> codes = invocation.line().parameters().stream().map(Parameter::name).toList();
    Printer printer = invocation.printer();
    boolean any = false;
    for (String code : codes) {
      if (!Filter.STANDARD.contains(code)) {
        ErrorCode error =
            find(code).orElseThrow(() -> CommandException.failed("No error has the code " + code));
        printer.list(text(error));
        any = true;
      }
    }
    if (!any) {
      throw CommandException.usage("Required parameter not found", "the code of an error");
    }
  }

  private static List<String> text(ErrorCode error) {
    String parameters =
        error.parameters().isEmpty()
            ? "It has no parameters."
            : "Parameters: " + String.join(", ", error.parameters());
    return List.of(error.text(), error.sentence(), parameters, ErrorText.nextStep(error));
  }

  /** Capitals do not matter to people. */
  private static Optional<ErrorCode> find(String code) {
    String text = code.toUpperCase(Locale.ROOT);
    return Arrays.stream(ErrorCode.values())
        .filter(error -> error.text().toUpperCase(Locale.ROOT).equals(text))
        .findFirst();
  }
}
