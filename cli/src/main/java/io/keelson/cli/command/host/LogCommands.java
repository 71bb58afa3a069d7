package io.keelson.cli.command.host;

import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import java.util.List;

/** The server's log, as far as there is something to command. */
public final class LogCommands {
  private static final List<String> NONE = List.of();

  private LogCommands() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "log-get",
            NONE,
            NONE,
            "Shows the log of the host that is spoken to.",
            invocation ->
                invocation
                    .printer()
                    .list(
                        List.of(
                            Values.text(
                                invocation.call(
                                    "host.get_log",
                                    Arguments.hostOrThis(invocation, "host-uuid")))))),
        Command.of(
            "log-set-output",
            List.of("output"),
            List.of("key", "level"),
            "Says how it is set where the log goes.",
            _ -> {
              throw CommandException.failed(
                  "Where the log goes is set for each host: xe host-param-set uuid=<host>"
                      + " logging:syslog_destination=<server>, then xe host-syslog-reconfigure"
                      + " host-uuid=<host>.");
            }),
        Command.of(
            "log-get-keys",
            NONE,
            NONE,
            "Says which parts of the log can be set.",
            _ -> {
              throw CommandException.failed(
                  "The log has no parts that are set by themselves; logging of a host has the key"
                      + " syslog_destination.");
            }),
        Command.of(
            "log-reopen",
            NONE,
            NONE,
            "Says why the log is not opened again.",
            _ -> {
              throw CommandException.failed(
                  "The server writes its log to its standard output, and has no file of a log open.");
            }));
  }
}
