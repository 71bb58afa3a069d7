package io.keelson.control.vm.memory;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.Resources;
import io.keelson.control.rules.HostId;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The balloons in the guests of hosts: what they are told, what their guests have, and which guests
 * do not follow.
 */
final class Balloons {
  private static final Logger LOG = LoggerFactory.getLogger(Balloons.class);

  /** Bytes that make no difference. */
  static final long CLOSE_ENOUGH = MemoryCost.MIB;

  private final Resources resources;

  /** One at a time moves the balloons of a host; hosts do not wait for each other. */
  private final Map<Ref<Host>, ReentrantLock> moving = new ConcurrentHashMap<>();

  /** VMs whose guests did not follow, with the memory that they keep. */
  private final Map<Run, Long> stubborn = new ConcurrentHashMap<>();

  private record Run(String vm, long domid) {
    static Run of(Vm vm) {
      return new Run(vm.uuid(), vm.domid());
    }
  }

  Balloons(Resources resources) {
    this.resources = resources;
  }

  /** Whether the VM's guest follows, as far as is known. */
  boolean follows(Vm vm) {
    return kept(vm).isEmpty();
  }

  /** Bytes that a guest keeps which did not follow. */
  Optional<Long> kept(Vm vm) {
    return Optional.ofNullable(stubborn.get(Run.of(vm)));
  }

  /** Whether the VM has a balloon that can be moved just now. */
  static boolean canMove(Vm vm) {
    return vm.powerState() == VmPowerState.RUNNING
        && !vm.isControlDomain()
        && vm.currentOperations().isEmpty();
  }

  /**
   * Moves balloons and writes their targets down.
   *
   * @param up whether those that grow are moved, or those that shrink
   */
  void move(Ref<Host> host, Map<Ref<Vm>, Long> targets, boolean up) {
    ReentrantLock turn = moving.computeIfAbsent(host, _ -> new ReentrantLock());
    turn.lock();
    try {
      Snapshot state = resources.store().snapshot();
      Map<Ref<Vm>, Long> moved = new LinkedHashMap<>();
      targets.forEach((ref, target) -> {
        Vm vm = state.find(ApiModel.VM, ref).orElse(ApiModel.VM.blank());
        boolean differs = up ? target > vm.memoryTarget() : target < vm.memoryTarget();
        if (canMove(vm) && follows(vm) && differs && move(state, vm, target)) {
          moved.put(ref, target);
        }
      });
      if (!moved.isEmpty()) {
        resources
            .store()
            .change(tx -> moved.forEach((ref, target) -> write(tx, state, ref, target)));
      }
    } finally {
      turn.unlock();
    }
  }

  private boolean move(Snapshot state, Vm vm, long target) {
    try {
      resources
          .drivers()
          .compute()
          .setMemoryTarget(HostId.of(state, vm.residentOn()), id(vm), target);
      return true;
    } catch (DriverException failure) {
      LOG.debug("the balloon of {} does not move: {}", vm.uuid(), failure.getMessage());
      return false;
    }
  }

  private static void write(Transaction tx, Snapshot before, Ref<Vm> ref, long target) {
    boolean same =
        tx.find(ApiModel.VM, ref)
            .filter(vm -> vm.domid() == before.get(ApiModel.VM, ref).domid())
            .isPresent();
    if (same) {
      tx.update(ApiModel.VM, ref, v -> v.with(b -> b.memoryTarget(target)));
    }
  }

  /** Bytes that a VM has. A balloon that is empty, or belongs to no guest, needs no look. */
  long actual(Snapshot state, Vm vm) {
    if (vm.isControlDomain()) {
      return vm.memoryDynamicMin();
    }
    if (vm.memoryTarget() >= vm.memoryStaticMax()) {
      return vm.memoryStaticMax();
    }
    try {
      return resources
          .drivers()
          .compute()
          .usage(HostId.of(state, vm.residentOn()), id(vm))
          .memoryActualBytes();
    } catch (DriverException ended) {
      return ended.reason() == Reason.NOT_FOUND ? 0 : vm.memoryTarget();
    }
  }

  /** Whether a guest has not given back yet what it should. */
  boolean owes(Snapshot state, Vm vm) {
    return !vm.isControlDomain() && actual(state, vm) > vm.memoryTarget() + CLOSE_ENOUGH;
  }

  /** Takes those that have not given back what they should for such as do not follow. */
  void noteStubborn(Snapshot state, List<Row<Vm>> vms) {
    for (Row<Vm> row : vms) {
      Vm vm = row.record();
      long actual = actual(state, vm);
      if (!vm.isControlDomain() && actual > vm.memoryTarget() + CLOSE_ENOUGH) {
        LOG.warn(
            "the guest of {} keeps {} bytes and does not follow its balloon", vm.uuid(), actual);
        stubborn.put(Run.of(vm), actual);
      }
    }
  }

  /** Counts on those again that have come to follow. */
  void forgive(Snapshot state, List<Row<Vm>> vms) {
    vms.stream()
        .map(Row::record)
        .filter(vm -> !follows(vm) && !owes(state, vm))
        .forEach(vm -> stubborn.remove(Run.of(vm)));
  }

  /** Forgets guests whose run has ended. */
  void forgetEnded(Snapshot state) {
    stubborn
        .keySet()
        .removeIf(run ->
            state
                .table(ApiModel.VM)
                .byUuid(run.vm())
                .filter(vm -> state.get(ApiModel.VM, vm).domid() == run.domid())
                .isEmpty());
  }

  private static UUID id(Vm vm) {
    return UUID.fromString(vm.uuid());
  }
}
