package io.keelson.cli.client;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.List;
import java.util.Map;

/** The program xe. */
public final class Main {
  /**
   * The variable in which the launcher passes the words, each with a line break after it: what is
   * on a command line is read by everybody, and there may be a password among them.
   */
  static final String WORDS = "XE_WORDS";

  private Main() {}

  public static void main(String[] args) {
    Map<String, String> environment = System.getenv();
    List<String> words =
        args.length > 0 ? List.of(args) : lines(environment.getOrDefault(WORDS, ""));
    Screen screen =
        Screen.own(
            System.in,
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            environment.getOrDefault("NO_COLOR", "").isEmpty());
    int status = Client.run(words, environment, screen);
    // Nothing is open any more, and a usual end would look for a log to tell of it.
    Runtime.getRuntime().halt(status);
  }

  private static List<String> lines(String text) {
    return text.isEmpty()
        ? List.of()
        : List.of(text.substring(0, text.length() - 1).split("\n", -1));
  }
}
