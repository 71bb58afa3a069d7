package io.keelson.control.metrics;

import io.keelson.host.Traffic;
import java.util.List;

/** What is measured of network cards, of hosts and of VMs. */
final class TrafficMeasurements {
  private TrafficMeasurements() {}

  /**
   * @param prefix of the data sources' names
   * @param what is measured, for people
   */
  static List<Measurement> of(String prefix, String what, Traffic traffic) {
    return List.of(
        bytes(prefix + "_rx", "Bytes received on " + what, traffic.receivedBytes()),
        bytes(prefix + "_tx", "Bytes sent on " + what, traffic.sentBytes()),
        errors(prefix + "_rx_errors", "Receive errors on " + what, traffic.receiveErrors()),
        errors(prefix + "_tx_errors", "Transmit errors on " + what, traffic.sendErrors()));
  }

  static Measurement bytes(String name, String description, long count) {
    return Measurement.counter(name, description, "B/s", count);
  }

  private static Measurement errors(String name, String description, long count) {
    return Measurement.counter(name, description, "err/s", count).onRequest();
  }
}
