package io.keelson.control.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * A mail of plain text.
 *
 * @param to addresses
 * @param lines of the message as it travels, headers first; in ASCII
 */
public record Mail(List<String> to, List<String> lines) {
  private static final int LINE = 57; // bytes of which Base64 makes 76 characters
  private static final int WORD = 35;
  private static final int LONGEST_SUBJECT = 200;

  public Mail {
    to = List.copyOf(to);
    lines = List.copyOf(lines);
  }

  /**
   * @param addresses separated by commas
   */
  public static Mail to(String addresses, String subject, String text, Clock clock) {
    List<String> to =
        Arrays.stream(addresses.split("[,;]"))
            .map(String::strip)
            .filter(address -> !address.isEmpty())
            .toList();
    List<String> lines = new ArrayList<>();
    lines.add("From: " + SmtpClient.SENDER);
    lines.add("To: " + String.join(", ", to));
    lines.addAll(subject(subject));
    lines.add(
        "Date: "
            + DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss Z", Locale.ENGLISH)
                .format(ZonedDateTime.ofInstant(clock.instant(), ZoneOffset.UTC)));
    lines.add("Message-ID: <" + UUID.randomUUID() + "@keelson>");
    lines.add("MIME-Version: 1.0");
    lines.add("Content-Type: text/plain; charset=UTF-8");
    lines.add("Content-Transfer-Encoding: base64");
    lines.add("");
    byte[] body = text.getBytes(UTF_8);
    for (int at = 0; at < body.length; at += LINE) {
      lines.add(
          Base64.getEncoder()
              .encodeToString(Arrays.copyOfRange(body, at, Math.min(body.length, at + LINE))));
    }
    return new Mail(to, lines);
  }

  /** In words of Base64, each of which is short enough for a line. */
  private static List<String> subject(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    text.codePoints()
        .limit(LONGEST_SUBJECT)
        .forEach(c -> {
          word.appendCodePoint(c);
          if (word.toString().getBytes(UTF_8).length > WORD) {
            lines.add(line(lines.isEmpty(), word));
            word.setLength(0);
          }
        });
    lines.add(line(lines.isEmpty(), word));
    return lines;
  }

  private static String line(boolean first, CharSequence word) {
    String encoded = Base64.getEncoder().encodeToString(word.toString().getBytes(UTF_8));
    return (first ? "Subject: " : " ") + "=?UTF-8?B?" + encoded + "?=";
  }
}
