package io.keelson.conformance.fuzz.make;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;
import java.util.function.Function;

/** Puts what only the server at hand knows into a request: {@code @{session}} and its like. */
public final class Filling {
  private static final String OPEN = "@{";
  private static final String END = "\r\n\r\n";
  private static final String LENGTH = "@{length}";
  private static final int LONGEST = 60;

  private Filling() {}

  /**
   * The bytes to send.
   *
   * @param known what stands for a name; what it does not know stays as it is
   */
  public static byte[] bytes(String raw, Function<String, Optional<String>> known) {
    int end = raw.indexOf(END);
    if (end < 0) {
      return filled(raw, known).getBytes(ISO_8859_1);
    }
    String head = filled(raw.substring(0, end), known);
    String body = filled(raw.substring(end + END.length()), known);
    return (head.replace(LENGTH, Integer.toString(body.length())) + END + body)
        .getBytes(ISO_8859_1);
  }

  private static String filled(String text, Function<String, Optional<String>> known) {
    int open = text.indexOf(OPEN);
    if (open < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 64);
    int at = 0;
    while (open >= 0) {
      int close = text.indexOf('}', open);
      Optional<String> value =
          close < 0 || close - open > LONGEST
              ? Optional.empty()
              : known.apply(text.substring(open + OPEN.length(), close));
      out.append(text, at, open).append(value.orElse(OPEN));
      at = value.isPresent() ? close + 1 : open + OPEN.length();
      open = text.indexOf(OPEN, at);
    }
    return out.append(text, at, text.length()).toString();
  }
}
