package io.keelson.control.vm.memory;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.control.Resources;
import io.keelson.control.vm.memory.Balance.Range;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shares the memory of hosts among their VMs through the balloons in the guests: {@link #makeRoom}
 * for a VM that comes, {@link #balance} when something has changed.
 *
 * <p>A guest that does not follow its balloon ({@link Balloons}) keeps what it has, and the others
 * share the rest.
 */
public final class MemoryBalancer {
  /** A guest that gives nothing back for so long does not follow. */
  private static final Duration STALLED = Duration.ofSeconds(5);

  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Resources resources;
  private final Balloons balloons;

  public MemoryBalancer(Resources resources) {
    this.resources = resources;
    this.balloons = new Balloons(resources);
  }

  /** Whether the VM's guest follows its balloon, as far as is known. */
  public boolean cooperates(Vm vm) {
    return balloons.follows(vm);
  }

  /**
   * The memory that a VM is to start with, bytes: its share of the host's.
   *
   * @param min bytes that it needs at least
   * @param max bytes that it has a use for
   */
  public long share(Snapshot state, Ref<Host> host, Ref<Vm> ref, long min, long max) {
    Map<Ref<Vm>, Range> ranges = ranges(state, host, ref);
    ranges.put(ref, new Range(min, max));
    return shares(state, host, ranges).getOrDefault(ref, min);
  }

  /**
   * Makes the other VMs of the host give memory back until the wanted amount is there.
   *
   * @param min what the VM needs at least, bytes
   * @param wanted what it is to have
   * @return what it can have: less than wanted when guests do not follow
   * @throws io.keelson.api.ApiError HOST_NOT_ENOUGH_FREE_MEMORY when what they give back is less
   *     than it needs
   */
  public long makeRoom(Ref<Host> host, Ref<Vm> ref, long min, long wanted, Progress progress) {
    Snapshot state = resources.store().snapshot();
    long overhead = MemoryCost.overheadBytes(state.get(ApiModel.VM, ref));
    Map<Ref<Vm>, Range> ranges = ranges(state, host, ref);
    ranges.put(ref, Range.fixed(Math.max(min, wanted)));
    balloons.move(host, shares(state, host, ranges), false);
    long end = System.nanoTime() + LONGEST.toNanos();
    long used = used(host, ref);
    long lastMove = System.nanoTime();
    long total = HostMemory.of(state, host, ref).total();
    while (used + overhead + wanted > total && System.nanoTime() < end) {
      if (System.nanoTime() - lastMove > STALLED.toNanos() || !awaited(host, ref)) {
        break;
      }
      pause(progress);
      long now = used(host, ref);
      lastMove = now < used - Balloons.CLOSE_ENOUGH ? System.nanoTime() : lastMove;
      used = now;
    }
    long free = Math.max(0, total - used);
    if (free < overhead + wanted) {
      Snapshot now = resources.store().snapshot();
      balloons.noteStubborn(now, residents(now, host, ref));
    }
    if (free < overhead + min) {
      throw ApiErrors.hostNotEnoughFreeMemory(Long.toString(overhead + min), Long.toString(free));
    }
    return Math.clamp(free - overhead, min, Math.max(min, wanted));
  }

  /** Sets every balloon to what its VM's share is now. */
  public void balance() {
    Snapshot state = resources.store().snapshot();
    balloons.forgetEnded(state);
    state.rows(ApiModel.HOST).map(Row::ref).toList().forEach(this::balance);
  }

  /** {@link #balance()} for one host. */
  public void balance(Ref<Host> host) {
    Snapshot state = resources.store().snapshot();
    if (state.find(ApiModel.HOST, host).isEmpty()) {
      return;
    }
    balloons.forgive(state, residents(state, host, Ref.none()));
    Map<Ref<Vm>, Range> ranges = ranges(state, host, Ref.none());
    Map<Ref<Vm>, Long> shares = shares(state, host, ranges);
    balloons.move(host, shares, false);
    balloons.move(host, growth(state, host, shares), true);
  }

  /** What each can grow to now, as others may not have given theirs back yet. */
  private Map<Ref<Vm>, Long> growth(Snapshot state, Ref<Host> host, Map<Ref<Vm>, Long> shares) {
    Map<Ref<Vm>, Long> grown = new LinkedHashMap<>();
    if (shares.entrySet().stream().noneMatch(s -> s.getValue() > target(state, s.getKey()))) {
      return grown;
    }
    long free = HostMemory.of(state, host, Ref.none()).total() - used(host, Ref.none());
    for (Map.Entry<Ref<Vm>, Long> share : shares.entrySet()) {
      long now = target(state, share.getKey());
      if (share.getValue() > now) {
        long more = Math.clamp(free, 0, share.getValue() - now);
        free -= more;
        grown.put(share.getKey(), now + more);
      }
    }
    return grown;
  }

  private static long target(Snapshot state, Ref<Vm> vm) {
    return state.get(ApiModel.VM, vm).memoryTarget();
  }

  /** What each VM of the host can be given, one excepted. */
  private Map<Ref<Vm>, Range> ranges(Snapshot state, Ref<Host> host, Ref<Vm> except) {
    Map<Ref<Vm>, Range> ranges = new LinkedHashMap<>();
    for (Row<Vm> row : residents(state, host, except)) {
      ranges.put(row.ref(), range(row.record()));
    }
    HostMemory.arrivals(state, host)
        .filter(row -> !row.ref().equals(except))
        .forEach(row ->
            ranges.put(
                row.ref(),
                new Range(MemoryCost.least(row.record()), MemoryCost.most(row.record()))));
    return ranges;
  }

  /** A balloon that cannot be moved just now stays as it is. */
  private Range range(Vm vm) {
    Optional<Long> kept = balloons.kept(vm);
    if (kept.isPresent()) {
      return Range.fixed(kept.get());
    }
    if (vm.isControlDomain()) {
      return Range.fixed(vm.memoryDynamicMin());
    }
    return Balloons.canMove(vm)
        ? new Range(MemoryCost.least(vm), MemoryCost.most(vm))
        : Range.fixed(vm.memoryTarget());
  }

  private static Map<Ref<Vm>, Long> shares(
      Snapshot state, Ref<Host> host, Map<Ref<Vm>, Range> ranges) {
    long memory = HostMemory.of(state, host, Ref.none()).total();
    for (Ref<Vm> vm : ranges.keySet()) {
      memory -= MemoryCost.overheadBytes(state.get(ApiModel.VM, vm));
    }
    List<Long> shares = Balance.of(Math.max(0, memory), List.copyOf(ranges.values()));
    Map<Ref<Vm>, Long> byVm = new LinkedHashMap<>();
    List<Ref<Vm>> vms = new ArrayList<>(ranges.keySet());
    for (int i = 0; i < vms.size(); i++) {
      byVm.put(vms.get(i), shares.get(i));
    }
    return byVm;
  }

  private static List<Row<Vm>> residents(Snapshot state, Ref<Host> host, Ref<Vm> except) {
    return HostMemory.residents(state, host).filter(row -> !row.ref().equals(except)).toList();
  }

  /** What the other VMs of the host take now, bytes: what they have, not what they should. */
  private long used(Ref<Host> host, Ref<Vm> except) {
    Snapshot state = resources.store().snapshot();
    long residents =
        residents(state, host, except).stream()
            .map(Row::record)
            .mapToLong(vm -> balloons.actual(state, vm) + MemoryCost.overheadBytes(vm))
            .sum();
    Map<Ref<Vm>, Long> shares = shares(state, host, ranges(state, host, Ref.none()));
    long arrivals =
        HostMemory.arrivals(state, host)
            .filter(row -> !row.ref().equals(except))
            .mapToLong(row ->
                MemoryCost.footprint(
                    row.record(), shares.getOrDefault(row.ref(), MemoryCost.least(row.record()))))
            .sum();
    return residents + arrivals;
  }

  /** Whether any guest that is known to follow has memory left to give back. */
  private boolean awaited(Ref<Host> host, Ref<Vm> except) {
    Snapshot state = resources.store().snapshot();
    return residents(state, host, except).stream()
        .map(Row::record)
        .anyMatch(vm -> balloons.follows(vm) && balloons.owes(state, vm));
  }

  private static void pause(Progress progress) {
    if (progress.cancelled()) {
      throw new DriverException(Reason.CANCELLED, "given up while memory was made free");
    }
    try {
      Thread.sleep(LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Reason.CANCELLED, "interrupted while memory was made free", e);
    }
  }
}
