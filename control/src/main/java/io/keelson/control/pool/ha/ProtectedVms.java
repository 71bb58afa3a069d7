package io.keelson.control.pool.ha;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.pool.ha.FailurePlans.Home;
import io.keelson.control.rules.LiveHosts;
import io.keelson.control.rules.Refusals;
import io.keelson.control.vm.memory.HostMemory;
import io.keelson.control.vm.memory.MemoryCost;
import io.keelson.control.vm.placement.HostFit;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The hosts that can take VMs, live and enabled, and the VMs that have to run after failures. A VM
 * that some of these hosts cannot run is not planned for: its memory is that of its host.
 *
 * @param hosts in the order in which plans number them
 * @param move a VM that is taken for where it is about to be
 */
record ProtectedVms(Snapshot state, List<Ref<Host>> hosts, Optional<Move> move) {
  private static final String RESTART = "restart";

  /** A VM that goes to another host. */
  record Move(Ref<Vm> vm, Ref<Host> to) {}

  static ProtectedVms of(Snapshot state) {
    return of(state, Optional.empty());
  }

  static ProtectedVms of(Snapshot state, Optional<Move> move) {
    return new ProtectedVms(
        state,
        state
            .rows(ApiModel.HOST)
            .filter(row -> isUsable(state, row.record()))
            .<Ref<Host>>map(Row::ref)
            .toList(),
        move);
  }

  private static boolean isUsable(Snapshot state, Host host) {
    return host.enabled() && LiveHosts.isLive(state, host);
  }

  /** Those that run, or are to run again, and whose ha_restart_priority is to restart them. */
  Set<Ref<Vm>> today() {
    return state
        .rows(ApiModel.VM)
        .filter(row -> isProtected(row.record().haRestartPriority()))
        .filter(row -> !row.record().isATemplate())
        .filter(row -> !row.record().residentOn().isNull() || isAwaited(row.record()))
        .<Ref<Vm>>map(Row::ref)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** For how many failures a pool wants a plan; its field has room for more than a plan has. */
  static int failuresToTolerate(Pool pool) {
    return Math.clamp(pool.haHostFailuresToTolerate(), 0, Integer.MAX_VALUE);
  }

  static boolean isProtected(String priority) {
    return priority.equals(RESTART);
  }

  /** {@link #today} for a pool whose HA is off: what has ended has ended. */
  Set<Ref<Vm>> running() {
    return today().stream()
        .filter(vm -> !state.get(ApiModel.VM, vm).residentOn().isNull())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** That HA is to keep the VM running once it is on. */
  static boolean isToRun(Vm vm) {
    return !vm.haRestartPriority().isEmpty()
        && !vm.isATemplate()
        && (vm.powerState() == VmPowerState.RUNNING || vm.powerState() == VmPowerState.PAUSED);
  }

  /** That HA is to start the VM again. */
  static boolean isAwaited(Vm vm) {
    return vm.haAlwaysRun()
        && !vm.haRestartPriority().isEmpty()
        && !vm.isATemplate()
        && vm.powerState() == VmPowerState.HALTED;
  }

  static Set<Ref<Vm>> plus(Set<Ref<Vm>> vms, Ref<Vm> one) {
    Set<Ref<Vm>> all = new HashSet<>(vms);
    all.add(one);
    return Set.copyOf(all);
  }

  FailurePlans plans(Set<Ref<Vm>> vms) {
    return new FailurePlans(
        hosts.stream().map(this::room).toList(),
        vms.stream()
            .filter(this::canRunEverywhere)
            .map(vm -> new Home(home(vm), size(vm)))
            .toList());
  }

  /** The VMs that plans are about. */
  Set<Ref<Vm>> planned() {
    return today().stream().filter(this::canRunEverywhere).collect(Collectors.toUnmodifiableSet());
  }

  private boolean canRunEverywhere(Ref<Vm> vm) {
    return hosts.stream().allMatch(host -> refusal(vm, host).isEmpty());
  }

  /** Bytes that are free beside what runs there. */
  long room(Ref<Host> host) {
    long free = HostMemory.of(state, host, move.map(Move::vm).orElse(Ref.none())).free();
    return move.filter(m -> m.to().equals(host)).isPresent()
        ? Math.max(0, free - size(move.get().vm()))
        : free;
  }

  /** What a VM takes when it is started, bytes. */
  long size(Ref<Vm> ref) {
    Vm vm = state.get(ApiModel.VM, ref);
    return MemoryCost.footprint(vm, MemoryCost.least(vm));
  }

  /** Why the host could not run the VM, however much memory it had. */
  Optional<ApiError> refusal(Ref<Vm> vm, Ref<Host> host) {
    return Refusals.of(() -> HostFit.checkButMemory(state, vm, host));
  }

  private int home(Ref<Vm> vm) {
    if (move.filter(m -> m.vm().equals(vm)).isPresent()) {
      return hosts.indexOf(move.get().to());
    }
    Vm record = state.get(ApiModel.VM, vm);
    int host =
        hosts.indexOf(
            record.residentOn().isNull() ? record.scheduledToBeResidentOn() : record.residentOn());
    return host < 0 ? FailurePlans.NOWHERE : host;
  }
}
