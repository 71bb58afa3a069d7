package io.keelson.control.storage;

import io.keelson.api.Ref;
import io.keelson.api.model.Vdi;
import io.keelson.control.operation.Claims;
import io.keelson.host.Compute;
import io.keelson.host.DiskSource;
import io.keelson.host.Progress;
import io.keelson.host.Storage.Fork;
import io.keelson.store.Transaction;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Snapshots of several disks of one VM: what they all held at the same instant. */
public final class SnapshotVdis {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotVdis.class);

  private final StorageDrivers drivers;
  private final Compute compute;
  private final Clock clock;

  public SnapshotVdis(StorageDrivers drivers, Compute compute, Clock clock) {
    this.drivers = drivers;
    this.compute = compute;
    this.clock = clock;
  }

  /** The disks that are claimed. */
  public static final class Plan {
    private final List<Part> parts;

    private Plan(List<Part> parts) {
      this.parts = List.copyOf(parts);
    }
  }

  /** The snapshots that were made, by the disk that each is of. */
  public static final class Made {
    private final Map<Part, MadeVdi> disks;

    private Made(Map<Part, MadeVdi> disks) {
      this.disks = disks;
    }
  }

  private record Part(ForkVdi work, ForkVdi.Plan plan) {}

  /** A running VM that writes some of the disks. */
  public record Writer(UUID host, UUID vm) {}

  /** The instant that the snapshots hold: switches the disks over that running VMs write. */
  @FunctionalInterface
  public interface Instant {
    /**
     * @param overlays where each writer's disks go on, by device number
     */
    void take(Map<Writer, Map<Integer, DiskSource>> overlays);
  }

  /**
   * Checks that the disks can be snapshotted and claims them.
   *
   * @throws io.keelson.api.ApiError as VDI.snapshot
   */
  public Plan claim(Transaction tx, Claims claims, List<Ref<Vdi>> disks) {
    List<Part> parts = new ArrayList<>();
    for (Ref<Vdi> disk : disks) {
      ForkVdi work = new ForkVdi(drivers, compute, clock, disk, ForkVdi.Kind.SNAPSHOT);
      parts.add(new Part(work, work.claim(tx, claims)));
    }
    return new Plan(parts);
  }

  /** Makes all of them, or none. */
  public Made act(Plan plan, Progress progress) {
    return act(plan, progress, this::switchOver);
  }

  /** The same, with more to do at the instant of the switch. */
  public Made act(Plan plan, Progress progress, Instant instant) {
    Map<Part, Fork> forks = new LinkedHashMap<>();
    try {
      for (Part part : plan.parts) {
        forks.put(part, part.work().fork(part.plan()));
        progress.report((double) forks.size() / (plan.parts.size() + 1));
      }
      instant.take(overlays(forks));
      Map<Part, MadeVdi> made = new LinkedHashMap<>();
      forks.forEach((part, fork) -> made.put(part, part.work().made(part.plan(), fork)));
      return new Made(made);
    } catch (RuntimeException failure) {
      List.copyOf(forks.keySet()).reversed().forEach(SnapshotVdis::undo);
      throw failure;
    }
  }

  /**
   * Writes the snapshots down.
   *
   * @return each disk's snapshot
   */
  public static Map<Ref<Vdi>, Ref<Vdi>> settle(Transaction tx, Made made) {
    Map<Ref<Vdi>, Ref<Vdi>> snapshots = new LinkedHashMap<>();
    made.disks.forEach((part, disk) -> {
      part.work().settle(tx, part.plan(), disk);
      snapshots.put(part.work().source(), disk.vdi());
    });
    return snapshots;
  }

  /** What happens at the instant when nothing else does. */
  public void switchOver(Map<Writer, Map<Integer, DiskSource>> overlays) {
    overlays.forEach((writer, disks) -> compute.switchDisks(writer.host(), writer.vm(), disks));
  }

  private static Map<Writer, Map<Integer, DiskSource>> overlays(Map<Part, Fork> forks) {
    Map<Writer, Map<Integer, DiskSource>> overlays = new LinkedHashMap<>();
    forks.forEach((part, fork) ->
        part.plan()
            .writer()
            .ifPresent(w ->
                overlays
                    .computeIfAbsent(new Writer(w.host(), w.vm()), _ -> new TreeMap<>())
                    .put(w.device(), fork.rebased())));
    return overlays;
  }

  private static void undo(Part part) {
    try {
      part.work().undoFork(part.plan());
    } catch (RuntimeException e) {
      LOG.warn("a snapshot that is not needed any more stays: {}", part.plan().copyVolume(), e);
    }
  }
}
