package io.keelson.control.pool.ha;

import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.store.Row;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * VMs that were found to have ended at one time, in the order in which they start again. What one
 * of them has the others wait for keeps no VM waiting that ends later.
 */
final class Wave {
  private final Deque<Group> groups = new ArrayDeque<>();
  private long from = System.nanoTime();

  /**
   * VMs of one order.
   *
   * @param pause nanoseconds that those after them wait
   */
  private record Group(List<Row<Vm>> vms, long pause) {
    static Group of(List<Row<Vm>> vms) {
      long seconds = vms.stream().mapToLong(vm -> vm.record().startDelay()).max().orElse(0);
      return new Group(vms, TimeUnit.SECONDS.toNanos(Math.max(0, seconds)));
    }
  }

  /** Those to be restarted go before those for which best effort does, and keep none waiting. */
  static Wave of(Collection<Row<Vm>> vms) {
    Map<Boolean, List<Row<Vm>>> kinds =
        vms.stream()
            .collect(
                Collectors.partitioningBy(
                    row -> ProtectedVms.isProtected(row.record().haRestartPriority())));
    Wave wave = new Wave();
    wave.add(kinds.getOrDefault(true, List.of()));
    wave.add(kinds.getOrDefault(false, List.of()));
    return wave;
  }

  private void add(List<Row<Vm>> kind) {
    Map<Long, List<Row<Vm>>> byOrder =
        kind.stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.record().order(), TreeMap::new, Collectors.toList()));
    byOrder.values().forEach(vms -> groups.add(Group.of(vms)));
    if (!kind.isEmpty()) {
      groups.add(new Group(groups.removeLast().vms(), 0));
    }
  }

  /** Has those started whose time has come. */
  void go(Consumer<Row<Vm>> start) {
    while (!groups.isEmpty() && System.nanoTime() - from >= 0) {
      Group group = groups.remove();
      group.vms().forEach(start);
      from = System.nanoTime() + group.pause();
    }
  }

  /** Whether the VM is still to be started. */
  boolean has(Ref<Vm> vm) {
    return groups.stream().flatMap(group -> group.vms().stream()).anyMatch(r -> r.ref().equals(vm));
  }

  boolean isOver() {
    return groups.isEmpty();
  }
}
