package io.keelson.control.pool.ha;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmLifecycle;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Message;
import io.keelson.api.model.Vm;
import io.keelson.control.Resources;
import io.keelson.control.alert.Alert;
import io.keelson.control.alert.Alerts;
import io.keelson.control.operation.Failures;
import io.keelson.control.vm.power.OwnCall;
import io.keelson.store.Row;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts VMs again that HA keeps running and that have ended: those to be restarted before those
 * for which best effort does, each kind in the order and with the delays that the VMs ask for. For
 * one thread at a time.
 */
final class Restarts {
  private static final Logger LOG = LoggerFactory.getLogger(Restarts.class);

  /** After so long a run a VM has proven itself. */
  private static final Duration SOUND = Duration.ofMinutes(10);

  /** Longer with each try, so that a VM that dies at once does not keep a host busy. */
  private static final Duration STEP = Duration.ofSeconds(10);

  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final Resources resources;
  private final VmLifecycle vms;
  private final Alerts alerts;
  private final Map<Ref<Vm>, Tries> tries = new HashMap<>();
  private volatile long heldUntil = System.nanoTime();

  /** The last try. */
  private record Tries(int number, long last, boolean failed) {
    boolean isDue(long now) {
      Duration pause = STEP.multipliedBy(number);
      Duration most = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
      return now - last >= most.toNanos();
    }
  }

  Restarts(Resources resources, VmLifecycle vms) {
    this.resources = resources;
    this.vms = vms;
    this.alerts = new Alerts(resources.clock());
  }

  /** Starts no VM for so long; no time at all ends an earlier wish. */
  void holdFor(Duration time) {
    heldUntil = System.nanoTime() + time.toNanos();
  }

  private boolean isHeld() {
    return heldUntil - System.nanoTime() > 0;
  }

  /** Starts what is due. */
  void pass() throws InterruptedException {
    if (isHeld()) {
      return;
    }
    long now = System.nanoTime();
    List<Row<Vm>> waiting =
        resources
            .store()
            .snapshot()
            .rows(ApiModel.VM)
            .filter(row -> ProtectedVms.isAwaited(row.record()))
            .filter(row -> row.record().currentOperations().isEmpty())
            .filter(row -> !tries.containsKey(row.ref()) || tries.get(row.ref()).isDue(now))
            .sorted(Comparator.comparing(row -> row.record().uuid()))
            .toList();
    Map<Boolean, List<Row<Vm>>> kinds =
        waiting.stream()
            .collect(
                Collectors.partitioningBy(
                    row -> ProtectedVms.isProtected(row.record().haRestartPriority())));
    inOrder(kinds.getOrDefault(true, List.of()));
    inOrder(kinds.getOrDefault(false, List.of()));
  }

  private void inOrder(List<Row<Vm>> all) throws InterruptedException {
    Map<Long, List<Row<Vm>>> byOrder =
        all.stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.record().order(), TreeMap::new, Collectors.toList()));
    long pause = 0;
    for (List<Row<Vm>> group : byOrder.values()) {
      Thread.sleep(Duration.ofSeconds(Math.max(0, pause)));
      for (Row<Vm> vm : group) {
        if (!isHeld()) {
          start(vm);
        }
      }
      pause = group.stream().mapToLong(row -> row.record().startDelay()).max().orElse(0);
    }
  }

  private void start(Row<Vm> vm) {
    long now = System.nanoTime();
    Tries before = tries.getOrDefault(vm.ref(), new Tries(0, now, false));
    boolean proven = now - before.last() > SOUND.toNanos();
    int number = proven ? 1 : before.number() + 1;
    LOG.info("HA starts {} again", vm.record().uuid());
    OwnCall call = new OwnCall(VmLifecycle.Specs.START, Ref.fresh());
    try {
      vms.start(call, vm.ref(), false, false);
      tries.put(vm.ref(), new Tries(number, System.nanoTime(), false));
    } catch (RuntimeException failure) {
      ApiError why = Failures.of(failure, call.task());
      LOG.warn("HA could not start {}: {}", vm.record().uuid(), why.getMessage());
      tries.put(vm.ref(), new Tries(number, System.nanoTime(), true));
      if (!before.failed() && ProtectedVms.isProtected(vm.record().haRestartPriority())) {
        tell(vm, why);
      }
    }
  }

  private void tell(Row<Vm> vm, ApiError why) {
    resources
        .store()
        .change(tx -> {
          Ref<Message> _ =
              alerts.raise(
                  tx,
                  Alert.HA_PROTECTED_VM_RESTART_FAILED,
                  Cls.VM,
                  vm.record().uuid(),
                  "VM '%s' could not be restarted: %s"
                      .formatted(vm.record().nameLabel(), String.join(" ", why.description())));
        });
  }
}
