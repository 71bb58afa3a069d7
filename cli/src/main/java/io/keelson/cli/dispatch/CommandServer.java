package io.keelson.cli.dispatch;

import io.keelson.api.ApiError;
import io.keelson.api.ErrorCode;
import io.keelson.api.Value;
import io.keelson.cli.call.Api;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.CommandLine;
import io.keelson.cli.command.ErrorText;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Printer;
import io.keelson.cli.command.Terminal;
import io.keelson.cli.record.Objects;
import io.keelson.cli.thin.Message;
import io.keelson.cli.thin.ThinChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the commands of xe: logs in as the words say, does what they ask, and tells the terminal how
 * it went.
 */
public final class CommandServer {
  private static final String SESSION = "session_id=";
  private static final String VERSION = "1.9";

  private final Commands commands;
  private final Api.Server server;

  /**
   * @param commands all there are; the same for every server
   */
  public CommandServer(Commands commands, Api.Server server) {
    this.commands = commands;
    this.server = server;
  }

  /**
   * Serves one command, from the greeting to the exit status.
   *
   * @param request the command's words, one a line; the first may name a session
   */
  public void serve(String request, ThinChannel channel) throws IOException {
    channel.greet();
    channel.awaitGreeting();
    channel.send(new Message.Exit(run(request, new ThinTerminal(channel))));
  }

  private int run(String request, Terminal terminal) throws IOException {
    try {
      List<String> words = new ArrayList<>(request.lines().toList());
      String session = "";
      if (!words.isEmpty() && words.getFirst().startsWith(SESSION)) {
        session = words.removeFirst().substring(SESSION.length());
      }
      run(CommandLine.parse(words), session, terminal);
      return 0;
    } catch (CommandException wrong) {
      for (String line : wrong.lines()) {
        terminal.printError(line + "\n");
      }
      return wrong.status();
    } catch (ApiError error) {
      for (String line : ErrorText.lines(error, server)) {
        terminal.printError(line + "\n");
      }
      terminal.printError(ErrorText.nextStep(error.code()) + "\n");
      return 1;
    }
  }

  private void run(CommandLine line, String session, Terminal terminal) throws IOException {
    Printer printer = new Printer(terminal, line.flag("minimal"));
    if (line.command().equals("help")) {
      new Help(commands).tell(line, printer);
      printer.end();
      return;
    }
    Command command =
        commands
            .find(line.command())
            .orElseThrow(() -> CommandException.usage("Unknown command", line.command()));
    command.required().forEach(line::required);
    if (command.has(Command.Mark.WITHOUT_LOGIN)) {
      Api nobodys = new Api(server, "");
      command.work().run(new Invocation(line, nobodys, new Objects(nobodys), printer, terminal));
      printer.end();
      return;
    }
    boolean local = command.has(Command.Mark.LOCAL_SESSION);
    Api api = new Api(server, session.isEmpty() ? login(line, local) : session);
    try {
      command.work().run(new Invocation(line, api, new Objects(api), printer, terminal));
      printer.end();
    } finally {
      if (session.isEmpty()) {
        api.call(local ? "session.local_logout" : "session.logout");
      }
    }
  }

  private String login(CommandLine line, boolean local) {
    String name = line.get("username").orElse("");
    String password = line.get("password").orElse("");
    try {
      return Values.text(
          local
              ? server.call(
                  "session.slave_local_login_with_password",
                  List.of(new Value.Text(name), new Value.Text(password)))
              : server.call(
                  "session.login_with_password",
                  List.of(
                      new Value.Text(name),
                      new Value.Text(password),
                      new Value.Text(VERSION),
                      new Value.Text("cli"))));
    } catch (ApiError error) {
      if (error.code() == ErrorCode.SESSION_AUTHENTICATION_FAILED) {
        throw CommandException.login(
            name.isEmpty() ? "Username/password must be specified" : "Authentication failed");
      }
      throw error;
    }
  }
}
