package io.keelson.control.vm.memory;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * A host's memory as its VMs share it, those included that are about to run there.
 *
 * @param total bytes that VMs can have at all
 * @param promisedMin what its VMs take when every balloon is full, bytes
 * @param promisedMax what they take when every balloon is empty, bytes
 */
public record HostMemory(long total, long promisedMin, long promisedMax) {

  /**
   * @param except a VM that is not counted, being the one asked about
   */
  public static HostMemory of(Snapshot state, Ref<Host> ref, Ref<Vm> except) {
    Host host = state.get(ApiModel.HOST, ref);
    long total =
        state
            .find(ApiModel.HOST_METRICS, host.metrics())
            .map(m -> m.memoryTotal() - host.memoryOverhead())
            .orElse(0L);
    return new HostMemory(
        Math.max(0, total),
        sum(state, ref, except, MemoryCost::least),
        sum(state, ref, except, MemoryCost::most));
  }

  /** Bytes free for one more VM when all others are pressed to their minimum. */
  public long free() {
    return Math.max(0, total - promisedMin);
  }

  /** Bytes free when all others keep their maximum. */
  public long freeUnpressed() {
    return Math.max(0, total - promisedMax);
  }

  private static long sum(
      Snapshot state, Ref<Host> host, Ref<Vm> except, ToLongFunction<Vm> memory) {
    return Stream.concat(residents(state, host), arrivals(state, host))
        .filter(row -> !row.ref().equals(except))
        .mapToLong(row -> MemoryCost.footprint(row.record(), memory.applyAsLong(row.record())))
        .sum();
  }

  static Stream<Row<Vm>> residents(Snapshot state, Ref<Host> host) {
    return state.get(ApiModel.HOST, host).residentVms().stream()
        .flatMap(vm -> state.table(ApiModel.VM).row(vm).stream());
  }

  static Stream<Row<Vm>> arrivals(Snapshot state, Ref<Host> host) {
    return state
        .rows(ApiModel.VM)
        .filter(row -> row.record().scheduledToBeResidentOn().equals(host))
        .filter(row -> !row.record().residentOn().equals(host));
  }
}
