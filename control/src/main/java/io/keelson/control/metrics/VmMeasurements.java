package io.keelson.control.metrics;

import io.keelson.api.model.Vbd;
import io.keelson.control.storage.VbdDevices;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is measured of a VM, under the names that XenAPI's clients know. */
final class VmMeasurements {
  static final String PROCESSOR = "cpu";

  private VmMeasurements() {}

  static List<Measurement> of(VmUsage usage, Optional<VmUsage> before) {
    List<Measurement> all = new ArrayList<>();
    List<Double> processors = usage.domain().processorSeconds();
    for (int i = 0; i < processors.size(); i++) {
      all.add(busy(PROCESSOR + i, "Use of virtual processor " + i, processors.get(i)));
    }
    double mean = processors.stream().mapToDouble(d -> d).average().orElse(0);
    all.add(busy("cpu_usage", "Use of all virtual processors", mean));
    all.add(
        Measurement.gauge(
            "memory", "Memory that the VM holds", "B", usage.domain().memoryActualBytes()));
    all.add(
        Measurement.gauge(
            "memory_target", "Memory that the VM is to hold", "B", usage.vm().memoryTarget()));
    usage
        .traffic()
        .forEach((number, traffic) ->
            all.addAll(TrafficMeasurements.of(card(number), "VIF " + number, traffic)));
    usage.disks().forEach((number, vbd) -> disk(usage, before, number, vbd, all));
    return all;
  }

  static String card(int number) {
    return "vif_" + number;
  }

  static String disk(int number) {
    return "vbd_" + VbdDevices.name(number);
  }

  private static void disk(
      VmUsage usage, Optional<VmUsage> before, int number, Vbd vbd, List<Measurement> all) {
    if (vbd.currentlyAttached()) {
      usage
          .disk(number)
          .ifPresent(now ->
              all.addAll(
                  IoMeasurements.of(
                      measured -> disk(number) + "_" + measured,
                      "device " + VbdDevices.name(number),
                      before.flatMap(b -> b.disk(number)),
                      now)));
    }
  }

  private static Measurement busy(String name, String description, double seconds) {
    return Measurement.counter(name, description, "(fraction)", seconds).atMost(1);
  }
}
