package io.keelson.cli.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The head of a reply of HTTP.
 *
 * @param line its first line
 * @param headers by their names in small letters
 */
record Reply(String line, int status, Map<String, String> headers) {
  private static final int LONGEST_LINE = 64 << 10;
  private static final int MOST_HEADERS = 200;

  static Reply read(InputStream in) throws IOException {
    String first = line(in);
    String[] words = first.split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/") || !words[1].matches("[0-9]{3}")) {
      throw new IOException("no reply of HTTP: " + first);
    }
    Map<String, String> headers = new HashMap<>();
    String header = line(in);
    while (!header.isEmpty()) {
      int colon = header.indexOf(':');
      if (colon <= 0 || headers.size() >= MOST_HEADERS) {
        throw new IOException("no header of HTTP: " + header);
      }
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
      header = line(in);
    }
    return new Reply(first, Integer.parseInt(words[1]), Map.copyOf(headers));
  }

  /** How many bytes follow, if it says so. */
  Optional<Long> length() {
    return Optional.ofNullable(headers.get("content-length"))
        .filter(text -> text.matches("[0-9]{1,18}"))
        .map(Long::valueOf);
  }

  /** Read byte by byte: what follows the head is somebody else's. */
  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (line.size() < LONGEST_LINE) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the server hung up");
      }
      if (next == '\n') {
        String text = line.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(next);
    }
    throw new IOException("a line without end");
  }
}
