package io.keelson.host.machine;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Memory that this process and its domains may use, bytes: the machine's, or less where a control
 * group sets a limit (a container).
 *
 * @param total of it
 * @param available without swapping
 */
record MemoryFacts(long total, long available) {

  static MemoryFacts read(KernelFiles files) {
    Map<String, Long> memory =
        files
            .text("proc/meminfo")
            .lines()
            .map(line -> line.split("[:\\s]+"))
            .filter(words -> words.length >= 2 && words[1].matches("\\d+"))
            .collect(
                Collectors.toMap(
                    words -> words[0], words -> Long.parseLong(words[1]) * 1024, (a, b) -> a));
    long total = memory.getOrDefault("MemTotal", 0L);
    long available = memory.getOrDefault("MemAvailable", memory.getOrDefault("MemFree", 0L));
    MemoryFacts facts = new MemoryFacts(total, available);
    for (String group = group(files); !group.isEmpty(); group = parent(group)) {
      facts = facts.within(files, "sys/fs/cgroup" + group);
    }
    return facts;
  }

  private MemoryFacts within(KernelFiles files, String group) {
    String limit = files.text(group + "/memory.max");
    String used = files.text(group + "/memory.current");
    if (!limit.matches("\\d{1,18}") || !used.matches("\\d{1,18}")) {
      return this;
    }
    long most = Long.parseLong(limit);
    // File pages count as used, and are given up when a domain needs the room.
    long inUse = Math.max(0, Long.parseLong(used) - files(files.text(group + "/memory.stat")));
    return new MemoryFacts(Math.min(total, most), Math.min(available, Math.max(0, most - inUse)));
  }

  private static long files(String statistics) {
    return statistics
        .lines()
        .map(line -> line.split(" "))
        .filter(words -> words.length == 2 && words[0].endsWith("active_file"))
        .mapToLong(words -> Long.parseLong(words[1]))
        .sum();
  }

  /** The control group of this process (version 2): "/a/b", or empty when it has none. */
  private static String group(KernelFiles files) {
    return files
        .text("proc/self/cgroup")
        .lines()
        .filter(line -> line.startsWith("0::/"))
        .map(line -> line.substring(3))
        .filter(path -> Arrays.stream(path.split("/")).noneMatch(".."::equals))
        .findFirst()
        .orElse("");
  }

  private static String parent(String group) {
    if (group.equals("/")) {
      return "";
    }
    String above = group.replaceFirst("/[^/]*$", "");
    return above.isEmpty() ? "/" : above;
  }
}
