package io.keelson.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates as the API writes them: {@code 20260131T12:00:00Z}. Whole seconds. */
public final class DateText {
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final Pattern FORM =
      Pattern.compile(
          "(\\d{4})-?(\\d{2})-?(\\d{2})T(\\d{2}):(\\d{2}):(\\d{2})(?:\\.\\d{1,12})?"
              + "(Z|[+-]\\d{2}:?\\d{2})?");

  private DateText() {}

  public static String format(Instant instant) {
    return LOCAL.format(instant) + "Z";
  }

  public static String format(LocalDateTime local) {
    return LOCAL.format(local.truncatedTo(ChronoUnit.SECONDS));
  }

  /**
   * Reads the compact or the dashed form; no zone means UTC, a fraction is dropped.
   *
   * @throws ApiError INVALID_VALUE when the text is no date
   */
  public static Instant parse(String text, String field) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw ApiErrors.invalidValue(field, text);
    }
    try {
      String zone = m.group(7);
      return LocalDateTime.of(
              part(m, 1), part(m, 2), part(m, 3), part(m, 4), part(m, 5), part(m, 6))
          .toInstant(zone == null ? ZoneOffset.UTC : ZoneOffset.of(zone));
    } catch (DateTimeException _) {
      throw ApiErrors.invalidValue(field, text);
    }
  }

  private static int part(Matcher m, int group) {
    return Integer.parseInt(m.group(group));
  }
}
