package io.keelson.conformance.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many bytes a JVM of this machine keeps that are not garbage. */
final class Heap {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

  /** What a collector puts where it leaves garbage lying. */
  private static final Pattern FILLER =
      Pattern.compile(
          "(?m)^\\s+\\d+:\\s+\\d+\\s+(\\d+)\\s+\\[Ljdk\\.internal\\.vm\\.FillerElement");

  private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

  private Heap() {}

  /** Has the JVM collect its garbage and counts the rest; nothing where there is no jcmd. */
  static OptionalLong live(long pid) throws IOException {
    if (!Files.isExecutable(JCMD)) {
      return OptionalLong.empty();
    }
    Process jcmd =
        new ProcessBuilder(JCMD.toString(), Long.toString(pid), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String text = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
    Matcher total = TOTAL.matcher(text);
    if (!total.find()) {
      throw new IOException("jcmd " + pid + ": " + text.lines().findFirst().orElse(""));
    }
    Matcher filler = FILLER.matcher(text);
    long nothing = filler.find() ? Long.parseLong(filler.group(1)) : 0;
    return OptionalLong.of(Long.parseLong(total.group(1)) - nothing);
  }
}
