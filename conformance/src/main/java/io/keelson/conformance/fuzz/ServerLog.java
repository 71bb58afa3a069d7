package io.keelson.conformance.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What a server's log says that it should never have to. */
final class ServerLog {
  private static final Pattern WRONG =
      Pattern.compile("^\\S+ ERROR .*|^Exception in thread.*|^\\s+at [a-z].*|.*OutOfMemoryError.*");

  private ServerLog() {}

  /** Its lines that tell of errors and traces, from an offset on. */
  static List<String> complaints(Path file, long from) throws IOException {
    byte[] all = Files.readAllBytes(file);
    int start = (int) Math.min(from, all.length);
    return new String(all, start, all.length - start, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> WRONG.matcher(line).matches())
        .toList();
  }
}
