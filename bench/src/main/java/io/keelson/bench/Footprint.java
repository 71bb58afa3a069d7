package io.keelson.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process takes of the machine, as the kernel tells it. */
record Footprint(long pid) {
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  /** The kernel's unit of processor time for programs, the same on every Linux. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_TICKS_FIELD = 11;
  private static final int SYSTEM_TICKS_FIELD = 12;

  /** The most that it had in memory until now, bytes. */
  long peakMemory() throws IOException {
    Matcher matcher = PEAK.matcher(Files.readString(file("status")));
    if (!matcher.find()) {
      throw new IOException("the kernel tells no memory of process " + pid);
    }
    return Long.parseLong(matcher.group(1)) << 10;
  }

  /** Seconds for which it had a processor. */
  double processorTime() throws IOException {
    String stat = Files.readString(file("stat"), ISO_8859_1);
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_TICKS_FIELD]) + Long.parseLong(fields[SYSTEM_TICKS_FIELD]))
        / TICKS_PER_SECOND;
  }

  private Path file(String name) {
    return Path.of("/proc", Long.toString(pid), name);
  }
}
