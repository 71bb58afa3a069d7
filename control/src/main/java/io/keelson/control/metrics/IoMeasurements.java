package io.keelson.control.metrics;

import io.keelson.host.DiskUsage;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What is measured of drives: of one, or of all that are on one repository. */
final class IoMeasurements {
  private static final double MIB = 1 << 20;
  private static final double NANOS = 1e9;
  private static final double NANOS_PER_MICRO = 1e3;

  private IoMeasurements() {}

  /**
   * @param name makes a data source's name of what it measures
   * @param what is measured, for people
   */
  static List<Measurement> of(
      UnaryOperator<String> name, String what, Optional<DiskUsage> before, DiskUsage now) {
    double waited = (now.readNanos() + now.writeNanos()) / NANOS;
    return List.of(
        bytes(name.apply("read"), "Reads from " + what, now.readBytes()),
        bytes(name.apply("write"), "Writes to " + what, now.writtenBytes()),
        latency(
            name.apply("read_latency"),
            "Time that a read from " + what + " takes",
            now.readNanos() - before.map(DiskUsage::readNanos).orElse(0L),
            now.reads() - before.map(DiskUsage::reads).orElse(0L)),
        latency(
            name.apply("write_latency"),
            "Time that a write to " + what + " takes",
            now.writeNanos() - before.map(DiskUsage::writeNanos).orElse(0L),
            now.writes() - before.map(DiskUsage::writes).orElse(0L)),
        requests(name.apply("iops_read"), "Reads from " + what, now.reads()),
        requests(name.apply("iops_write"), "Writes to " + what, now.writes()),
        requests(name.apply("iops_total"), "Requests to " + what, now.reads() + now.writes()),
        mib(name.apply("io_throughput_read"), "Data read from " + what, now.readBytes()),
        mib(name.apply("io_throughput_write"), "Data written to " + what, now.writtenBytes()),
        mib(
            name.apply("io_throughput_total"),
            "Data read from and written to " + what,
            now.readBytes() + now.writtenBytes()),
        Measurement.counter(
                name.apply("iowait"), "Time that requests to " + what + " waited", "s/s", waited)
            .onRequest(),
        Measurement.counter(
                name.apply("avgqu_sz"),
                "Requests to " + what + " that wait at one time, on average",
                "requests",
                waited)
            .onRequest());
  }

  static DiskUsage sum(DiskUsage a, DiskUsage b) {
    return new DiskUsage(
        a.readBytes() + b.readBytes(),
        a.writtenBytes() + b.writtenBytes(),
        a.reads() + b.reads(),
        a.writes() + b.writes(),
        a.readNanos() + b.readNanos(),
        a.writeNanos() + b.writeNanos());
  }

  private static Measurement bytes(String name, String description, long count) {
    return Measurement.counter(name, description, "B/s", count);
  }

  private static Measurement requests(String name, String description, long count) {
    return Measurement.counter(name, description, "requests/s", count).onRequest();
  }

  private static Measurement mib(String name, String description, long bytes) {
    return Measurement.counter(name, description, "MiB/s", bytes / MIB).onRequest();
  }

  /** Of the requests that ended since the measurement before; 0 when none did. */
  private static Measurement latency(String name, String description, long nanos, long requests) {
    double micros = requests > 0 && nanos > 0 ? nanos / NANOS_PER_MICRO / (double) requests : 0;
    return Measurement.gauge(name, description, "μs", micros).onRequest();
  }
}
