package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Scheduling;
import io.keelson.host.process.Program;
import io.keelson.host.qemu.qmp.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a domain its share of the host's processors: the threads of its processors run on those
 * that they may use, and its process is in a control group of its own where weight or cap are
 * unusual.
 */
final class ProcessorShares {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessorShares.class);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Path ALL = Path.of("/sys/devices/system/cpu/online");

  private ProcessorShares() {}

  /** For a domain that starts, or has more processors than before. What fails is logged. */
  static void start(LiveDomain domain) {
    Scheduling scheduling = domain.record().spec().scheduling();
    if (!scheduling.equals(Scheduling.USUAL)) {
      try {
        apply(domain, scheduling);
      } catch (DriverException e) {
        LOG.warn("processors of {} are shared as usual: {}", domain.vm(), e.getMessage());
      }
    }
  }

  /** For a domain that runs; its lock is held. Raises INVALID for processors that there are not. */
  static void change(LiveDomain domain, Scheduling scheduling) {
    domain.requireUsable();
    apply(domain, scheduling);
    domain.update(record -> record.withSpec(record.spec().with(c -> c.scheduling(scheduling))));
  }

  private static void apply(LiveDomain domain, Scheduling scheduling) {
    pin(domain, scheduling.processors());
    if (!CpuGroup.of(domain.vm()).put(domain.process().pid(), scheduling)) {
      LOG.warn(
          "weight and cap of {} have no effect: this server may not write control groups",
          domain.vm());
    }
  }

  private static void pin(LiveDomain domain, SortedSet<Integer> processors) {
    String list =
        processors.isEmpty()
            ? all()
            : processors.stream().map(Object::toString).collect(Collectors.joining(","));
    if (domain.execute("query-cpus-fast") instanceof Json.Items(List<Json> threads)) {
      for (Json thread : threads) {
        if (thread instanceof Json.Members members) {
          String id = Long.toString(members.number("thread-id", -1));
          Program.Outcome outcome = Program.run(LIMIT, List.of("taskset", "-p", "-c", list, id));
          if (!outcome.ok()) {
            throw new DriverException(
                Reason.INVALID, "processors " + list + " of the host: " + outcome.complaint());
          }
        }
      }
    }
  }

  private static String all() {
    try {
      return Files.readString(ALL).strip();
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "the kernel does not tell its processors: " + e, e);
    }
  }
}
