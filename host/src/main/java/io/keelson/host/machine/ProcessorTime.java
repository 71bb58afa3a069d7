package io.keelson.host.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How long a logical processor has worked and rested since boot, in ticks.
 *
 * @param number of the processor
 * @param busy working, for this machine or its guests
 * @param idle resting or waiting for a disk
 */
record ProcessorTime(int number, long busy, long idle) {

  static List<ProcessorTime> read(KernelFiles files) {
    return files
        .text("proc/stat")
        .lines()
        .filter(line -> line.matches("cpu\\d+ .*"))
        .map(ProcessorTime::parse)
        .toList();
  }

  private static ProcessorTime parse(String line) {
    String[] words = line.split("\\s+");
    long[] ticks = Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
    long idle = ticks[3] + (ticks.length > 4 ? ticks[4] : 0);
    // Guest time (columns 9 and 10) is counted in user time already.
    long all = Arrays.stream(ticks).limit(8).sum();
    return new ProcessorTime(Integer.parseInt(words[0].substring(3)), all - idle, idle);
  }

  /** From 0 to 1 for each processor that is there now; 0 when no time went by. */
  static List<Double> utilisation(List<ProcessorTime> before, List<ProcessorTime> now) {
    List<Double> result = new ArrayList<>();
    for (ProcessorTime time : now) {
      ProcessorTime past =
          before.stream()
              .filter(each -> each.number == time.number)
              .findFirst()
              .orElse(new ProcessorTime(time.number, 0, 0));
      double busy = Math.max(0, time.busy - past.busy);
      double idle = Math.max(0, time.idle - past.idle);
      result.add(busy + idle == 0 ? 0 : busy / (busy + idle));
    }
    return result;
  }
}
