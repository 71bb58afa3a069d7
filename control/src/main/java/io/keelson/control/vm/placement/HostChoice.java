package io.keelson.control.vm.placement;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.control.gpu.HeldDevices;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.rules.Refusals;
import io.keelson.control.vm.memory.HostMemory;
import io.keelson.control.vm.memory.MemoryCost;
import io.keelson.control.vm.placement.ProcessorFit.Wish;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Chooses the host that a VM starts on: its affinity if that can run it, else one where it fits at
 * its static maximum, else at its dynamic maximum, else at its dynamic minimum. Of the hosts for a
 * VM with a virtual GPU, those come first that its GPU group fills or spreads to first.
 */
public final class HostChoice {
  private HostChoice() {}

  /**
   * @param wish what counts of the hosts' processors
   * @throws ApiError NO_HOSTS_AVAILABLE; HOST_NOT_ENOUGH_FREE_MEMORY where memory alone is missing
   */
  public static Ref<Host> choose(Snapshot state, Ref<Vm> ref, Wish wish, RandomGenerator random) {
    Vm vm = state.get(ApiModel.VM, ref);
    List<Ref<Host>> capable = hosts(state).filter(host -> capable(state, ref, host, wish)).toList();
    if (capable.isEmpty()) {
      throw ApiErrors.noHostsAvailable(List.of());
    }
    List<Candidate> fitting =
        capable.stream()
            .map(host -> candidate(state, ref, vm, host))
            .filter(c -> c.headroomMin >= 0)
            .toList();
    if (fitting.isEmpty()) {
      HostFit.checkMemory(state, ref, capable.getFirst());
      throw ApiErrors.noHostsAvailable(List.of());
    }
    if (fitting.stream().anyMatch(c -> c.host.equals(vm.affinity()))) {
      return vm.affinity();
    }
    List<Candidate> liked = liked(state, ref, fitting);
    List<Candidate> best =
        Stream.of(only(liked, Candidate::definite), only(liked, Candidate::probable))
            .filter(list -> !list.isEmpty())
            .findFirst()
            .orElse(liked);
    return pick(state, best, random);
  }

  /** Those that the VM's GPU group likes best; all for a VM without a virtual GPU. */
  private static List<Candidate> liked(Snapshot state, Ref<Vm> ref, List<Candidate> fitting) {
    OptionalLong least =
        fitting.stream()
            .flatMapToLong(c -> HeldDevices.distaste(state, ref, c.host).stream())
            .min();
    return least.isEmpty()
        ? fitting
        : only(fitting, c -> HeldDevices.distaste(state, ref, c.host).equals(least));
  }

  private static List<Candidate> only(List<Candidate> all, Predicate<Candidate> category) {
    return all.stream().filter(category).toList();
  }

  /** The hosts that could run the VM now, memory considered. */
  public static Set<Ref<Host>> possible(Snapshot state, Ref<Vm> ref) {
    return hosts(state)
        .filter(host -> capable(state, ref, host, Wish.COMPATIBLE))
        .filter(host -> Refusals.of(() -> HostFit.checkMemory(state, ref, host)).isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Stream<Ref<Host>> hosts(Snapshot state) {
    return state.rows(ApiModel.HOST).map(Row::ref);
  }

  private static boolean capable(Snapshot state, Ref<Vm> ref, Ref<Host> host, Wish wish) {
    return Refusals.of(() -> HostFit.checkButMemory(state, ref, host, wish)).isEmpty();
  }

  private static Candidate candidate(Snapshot state, Ref<Vm> ref, Vm vm, Ref<Host> host) {
    HostMemory memory = HostMemory.of(state, host, ref);
    long overhead = MemoryCost.overheadBytes(vm);
    return new Candidate(
        host,
        memory.free() - overhead - MemoryCost.least(vm),
        memory.freeUnpressed() >= overhead + vm.memoryStaticMax(),
        memory.freeUnpressed() >= overhead + MemoryCost.most(vm));
  }

  /**
   * One of the roomiest, at random so that simultaneous starts spread, the better ones more often.
   * The coordinator counts half: it has other work.
   */
  private static Ref<Host> pick(
      Snapshot state, List<Candidate> candidates, RandomGenerator random) {
    Ref<Host> coordinator = OnlyPool.master(state);
    List<Candidate> best =
        candidates.stream()
            .sorted(
                Comparator.<Candidate>comparingLong(
                        c -> c.host.equals(coordinator) ? c.headroomMin / 2 : c.headroomMin)
                    .reversed()
                    .thenComparing(c -> c.host.text()))
            .toList();
    double uniform = random.nextDouble();
    return best.get((int) (uniform * uniform * best.size())).host;
  }

  private record Candidate(Ref<Host> host, long headroomMin, boolean definite, boolean probable) {}
}
