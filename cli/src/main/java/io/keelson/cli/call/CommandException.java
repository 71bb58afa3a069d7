package io.keelson.cli.call;

import java.util.List;

/** A command that cannot be done as it was given, and what the user reads about it. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String HELP = "For usage run: 'xe help'";

  private final transient List<String> lines;
  private final int status;

  private CommandException(List<String> lines, int status) {
    super(String.join("\n", lines), null, false, false);
    this.lines = List.copyOf(lines);
    this.status = status;
  }

  /** It was not understood. */
  public static CommandException usage(String what, String which) {
    return new CommandException(List.of(what + ": " + which, HELP), 1);
  }

  /** Nobody was named who gives it, or somebody who may not. */
  public static CommandException login(String why) {
    return new CommandException(List.of(why, HELP), 1);
  }

  /** It was understood and makes no sense. */
  public static CommandException failed(String why) {
    return new CommandException(List.of("Error: " + why), 1);
  }

  /** It was done for some of several objects; why not for the others has been said. */
  public static CommandException ended(int status) {
    return new CommandException(List.of(), status);
  }

  /** What the user reads, line by line. */
  public List<String> lines() {
    return lines;
  }

  /** The exit status of xe. */
  public int status() {
    return status;
  }
}
