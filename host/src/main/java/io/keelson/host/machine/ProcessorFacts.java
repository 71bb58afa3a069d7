package io.keelson.host.machine;

import io.keelson.host.Machine.Processor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads what {@code /proc/cpuinfo} says; other architectures than x86 say less. */
final class ProcessorFacts {
  private ProcessorFacts() {}

  static List<Processor> read(KernelFiles files) {
    return blocks(files).stream().map(block -> processor(files, block)).toList();
  }

  /** The number of processor packages, at least one. */
  static int sockets(KernelFiles files) {
    long packages =
        blocks(files).stream()
            .map(block -> block.get("physical id"))
            .filter(Objects::nonNull)
            .distinct()
            .count();
    return (int) Math.max(1, packages);
  }

  private static List<Map<String, String>> blocks(KernelFiles files) {
    List<Map<String, String>> blocks = new ArrayList<>();
    Map<String, String> block = new LinkedHashMap<>();
    for (String line : files.text("proc/cpuinfo").lines().toList()) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        keep(blocks, block);
        block = new LinkedHashMap<>();
      } else {
        block.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    keep(blocks, block);
    return blocks;
  }

  private static void keep(List<Map<String, String>> blocks, Map<String, String> block) {
    // ARM adds a last block about the board, which is no processor.
    if (block.containsKey("processor")) {
      blocks.add(block);
    }
  }

  private static Processor processor(KernelFiles files, Map<String, String> block) {
    int number = (int) number(block.getOrDefault("processor", "0"));
    return new Processor(
        number,
        first(block, "vendor_id", "CPU implementer"),
        speed(files, number, block),
        first(block, "model name", "Processor", "CPU part"),
        number(first(block, "cpu family", "CPU architecture")),
        number(first(block, "model", "CPU variant")),
        first(block, "stepping", "CPU revision"),
        first(block, "flags", "Features"),
        "");
  }

  private static long speed(KernelFiles files, int number, Map<String, String> block) {
    String now = block.getOrDefault("cpu MHz", "");
    if (!now.isEmpty()) {
      return number(now);
    }
    String most = files.text("sys/devices/system/cpu/cpu" + number + "/cpufreq/cpuinfo_max_freq");
    return number(most) / 1000;
  }

  private static String first(Map<String, String> block, String... keys) {
    for (String key : keys) {
      String value = block.getOrDefault(key, "");
      if (!value.isEmpty()) {
        return value;
      }
    }
    return "";
  }

  /** The whole number that the text starts with, also in hexadecimal; 0 when it has none. */
  private static long number(String text) {
    if (text.matches("0x[0-9a-fA-F]{1,15}")) {
      return Long.parseLong(text.substring(2), 16);
    }
    String digits = text.replaceFirst("^(\\d{0,18}).*", "$1");
    return digits.isEmpty() ? 0 : Long.parseLong(digits);
  }
}
