package io.keelson.cli.command;

import io.keelson.cli.call.Values;
import java.io.IOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What long work came to: a task has its result as a text, with references of what was made. */
public final class Results {
  private static final Pattern REFERENCE = Pattern.compile("OpaqueRef:[^<\\s]+");

  private Results() {}

  /** Every reference of a result. */
  public static List<String> references(String result) {
    return REFERENCE.matcher(result).results().map(MatchResult::group).toList();
  }

  /** The reference of the one object that was made. */
  public static String made(String result) {
    return references(result).getFirst();
  }

  /** Prints the uuid of what was made. */
  public static void print(Invocation invocation, String apiClass, String ref) throws IOException {
    invocation.printer().list(List.of(Values.text(invocation.call(apiClass + ".get_uuid", ref))));
  }

  /** Prints the uuid of what a task made. */
  public static void printMade(Invocation invocation, String apiClass, String result)
      throws IOException {
    print(invocation, apiClass, made(result));
  }
}
