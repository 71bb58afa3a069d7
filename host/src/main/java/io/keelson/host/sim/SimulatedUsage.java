package io.keelson.host.sim;

import io.keelson.host.DiskSpec;
import io.keelson.host.DiskUsage;
import io.keelson.host.DomainUsage;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** What simulated guests use: the same in every second since their domain was made. */
final class SimulatedUsage {
  /** How much of each of its processors a guest keeps busy. */
  static final double BUSY = 0.05;

  private static final long READS_PER_SECOND = 20;
  private static final long WRITES_PER_SECOND = 10;
  private static final long BYTES_PER_REQUEST = 4096;
  private static final long NANOS_PER_REQUEST = 100_000;

  private SimulatedUsage() {}

  static DomainUsage of(SimulatedDomain domain, long memoryBytes, long nanoTime) {
    double seconds = (nanoTime - domain.startedNanos()) / 1e9;
    Map<Integer, DiskUsage> disks = new HashMap<>();
    for (DiskSpec disk : domain.spec().disks()) {
      if (disk.source().isPresent()) {
        disks.put(disk.device(), disk(seconds, !disk.readOnly()));
      }
    }
    return new DomainUsage(
        memoryBytes, Collections.nCopies(domain.spec().processors(), seconds * BUSY), disks);
  }

  private static DiskUsage disk(double seconds, boolean writable) {
    long reads = (long) (seconds * READS_PER_SECOND);
    long writes = writable ? (long) (seconds * WRITES_PER_SECOND) : 0;
    return new DiskUsage(
        reads * BYTES_PER_REQUEST,
        writes * BYTES_PER_REQUEST,
        reads,
        writes,
        reads * NANOS_PER_REQUEST,
        writes * NANOS_PER_REQUEST);
  }
}
