package io.keelson.host.qemu;

import io.keelson.host.Scheduling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/**
 * The control group of one domain, in the kernel's one hierarchy (version 2) or in the older one
 * for processors. It is made when a domain's share is unusual, and goes with the domain.
 */
final class CpuGroup {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final String OURS = "keelson";
  private static final long PERIOD_MICROS = 100_000;

  private final Path root;
  private final UUID vm;

  CpuGroup(Path root, UUID vm) {
    this.root = root;
    this.vm = vm;
  }

  static CpuGroup of(UUID vm) {
    return new CpuGroup(ROOT, vm);
  }

  /** Whether the process now has this share; a usual one it has in any case. */
  boolean put(long pid, Scheduling share) {
    boolean usual = share.weight() == Scheduling.USUAL_WEIGHT && share.capPercent() == 0;
    Optional<Path> group = group();
    if (usual && group.filter(Files::isDirectory).isEmpty()) {
      return true;
    }
    try {
      if (group.isEmpty()) {
        return false;
      }
      Path folder = Files.createDirectories(group.get());
      if (isUnified()) {
        write(root.resolve("cgroup.subtree_control"), "+cpu");
        write(root.resolve(OURS).resolve("cgroup.subtree_control"), "+cpu");
        write(folder.resolve("cpu.weight"), Long.toString(weight(share, 100, 10_000)));
        write(
            folder.resolve("cpu.max"),
            (share.capPercent() == 0 ? "max" : quota(share)) + " " + PERIOD_MICROS);
      } else {
        write(folder.resolve("cpu.shares"), Long.toString(weight(share, 1024, 262_144)));
        write(folder.resolve("cpu.cfs_period_us"), Long.toString(PERIOD_MICROS));
        write(folder.resolve("cpu.cfs_quota_us"), share.capPercent() == 0 ? "-1" : quota(share));
      }
      write(folder.resolve("cgroup.procs"), Long.toString(pid));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Removes the group once its domain is gone. */
  void remove() {
    group()
        .ifPresent(folder -> {
          try {
            Files.deleteIfExists(folder);
          } catch (IOException e) {
            // The next run of the domain takes it over.
          }
        });
  }

  private Optional<Path> group() {
    if (isUnified()) {
      return Optional.of(root.resolve(OURS).resolve(vm.toString()));
    }
    return Optional.of(root.resolve("cpu"))
        .filter(
            cpu -> Files.exists(cpu.resolve("cpu.shares")) || Files.exists(cpu.resolve("tasks")))
        .map(cpu -> cpu.resolve(OURS).resolve(vm.toString()));
  }

  private boolean isUnified() {
    try {
      return Files.readString(root.resolve("cgroup.controllers")).contains("cpu");
    } catch (IOException e) {
      return false;
    }
  }

  private static long weight(Scheduling share, long usual, long most) {
    return Math.clamp(share.weight() * usual / Scheduling.USUAL_WEIGHT, 2, most);
  }

  private static String quota(Scheduling share) {
    return Long.toString(share.capPercent() * PERIOD_MICROS / 100);
  }

  /** Files of the kernel's are never made, only written. */
  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.WRITE);
  }
}
