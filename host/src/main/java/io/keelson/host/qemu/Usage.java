package io.keelson.host.qemu;

import io.keelson.host.DiskSpec;
import io.keelson.host.DiskUsage;
import io.keelson.host.DomainUsage;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.qemu.qmp.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a domain uses, from QEMU and from the kernel. */
final class Usage {
  /** The kernel's unit of processor time for programs, the same on every Linux. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_TICKS_FIELD = 11;
  private static final int SYSTEM_TICKS_FIELD = 12;

  private Usage() {}

  static DomainUsage of(LiveDomain domain) {
    long memory =
        domain.query("query-balloon").number("actual", domain.record().spec().memoryMaxBytes());
    List<Double> seconds = new ArrayList<>();
    if (domain.execute("query-cpus-fast") instanceof Json.Items(List<Json> processors)) {
      for (Json processor : processors) {
        if (processor instanceof Json.Members members) {
          seconds.add(seconds(domain.process().pid(), members.number("thread-id", 0)));
        }
      }
    }
    return new DomainUsage(memory, seconds, disks(domain));
  }

  private static Map<Integer, DiskUsage> disks(LiveDomain domain) {
    List<DiskSpec> specs = domain.record().spec().disks();
    Map<Integer, DiskUsage> disks = new HashMap<>();
    if (!specs.isEmpty()
        && domain.execute("query-blockstats") instanceof Json.Items(List<Json> drives)) {
      for (DiskSpec disk : specs) {
        for (Json drive : drives) {
          if (drive instanceof Json.Members members && BlockNodes.isOf(members, Slots.id(disk))) {
            disks.put(disk.device(), disk(members.members("stats")));
          }
        }
      }
    }
    return disks;
  }

  private static DiskUsage disk(Json.Members stats) {
    return new DiskUsage(
        stats.number("rd_bytes", 0),
        stats.number("wr_bytes", 0),
        stats.number("rd_operations", 0),
        stats.number("wr_operations", 0),
        stats.number("rd_total_time_ns", 0),
        stats.number("wr_total_time_ns", 0));
  }

  private static double seconds(long pid, long thread) {
    try {
      String stat =
          Files.readString(
              Path.of("/proc/" + pid + "/task/" + thread + "/stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(fields[USER_TICKS_FIELD]) + Long.parseLong(fields[SYSTEM_TICKS_FIELD]))
          / TICKS_PER_SECOND;
    } catch (IOException e) {
      throw new DriverException(Reason.NOT_FOUND, "the domain has ended", e);
    }
  }
}
