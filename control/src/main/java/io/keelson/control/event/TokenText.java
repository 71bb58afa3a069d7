package io.keelson.control.event;

import io.keelson.api.ApiErrors;
import io.keelson.store.EventToken;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tokens of event.from as text: two numbers of twenty digits, so that text sorts as they do. */
final class TokenText {
  private static final Pattern FORM = Pattern.compile("(\\d{1,20}),(\\d{1,20})");

  private TokenText() {}

  static String of(EventToken token) {
    return padded(token.generation()) + "," + padded(token.overlay());
  }

  /**
   * Reads a token; empty text means from the beginning.
   *
   * @throws io.keelson.api.ApiError EVENT_FROM_TOKEN_PARSE_FAILURE
   */
  static EventToken parse(String text) {
    if (text.isEmpty()) {
      return EventToken.START;
    }
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw ApiErrors.eventFromTokenParseFailure(text);
    }
    try {
      return new EventToken(Long.parseLong(m.group(1)), Long.parseLong(m.group(2)));
    } catch (NumberFormatException _) {
      throw ApiErrors.eventFromTokenParseFailure(text);
    }
  }

  private static String padded(long number) {
    String digits = Long.toString(number);
    return "0".repeat(20 - digits.length()) + digits;
  }
}
