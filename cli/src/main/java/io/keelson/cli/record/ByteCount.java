package io.keelson.cli.record;

import io.keelson.cli.call.CommandException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes as people write it: 512MiB. */
public final class ByteCount {
  private static final Pattern FORM = Pattern.compile("([0-9]+)([a-zA-Z]*)");
  private static final Map<String, Integer> SHIFTS =
      Map.of("", 0, "bytes", 0, "KiB", 10, "MiB", 20, "GiB", 30, "TiB", 40);

  private ByteCount() {}

  /**
   * @param name of the parameter, for what the user reads
   * @throws CommandException for a text that is none, or a number too large
   */
  public static long of(String name, String text) {
    Matcher form = FORM.matcher(text);
    Integer shift = form.matches() ? SHIFTS.get(form.group(2)) : null;
    if (shift != null) {
      try {
        return Math.multiplyExact(Long.parseLong(form.group(1)), 1L << shift);
      } catch (ArithmeticException | NumberFormatException _) {
        // Larger than any number of the API.
      }
    }
    throw CommandException.failed(
        "Failed to parse field '"
            + name
            + "': expecting an integer (possibly with suffix KiB, MiB, GiB or TiB)");
  }
}
