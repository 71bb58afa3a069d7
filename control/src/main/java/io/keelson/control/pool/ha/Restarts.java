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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final List<Wave> waves = new ArrayList<>();
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
  void pass() {
    if (isHeld()) {
      return;
    }
    List<Row<Vm>> fresh = fresh();
    if (!fresh.isEmpty()) {
      waves.add(Wave.of(fresh));
    }
    waves.forEach(wave -> wave.go(this::startIfWanted));
    waves.removeIf(Wave::isOver);
  }

  /** Those that wait and are in no wave yet. */
  private List<Row<Vm>> fresh() {
    long now = System.nanoTime();
    return resources
        .store()
        .snapshot()
        .rows(ApiModel.VM)
        .filter(row -> isWanted(row.record()))
        .filter(row -> !tries.containsKey(row.ref()) || tries.get(row.ref()).isDue(now))
        .filter(row -> waves.stream().noneMatch(wave -> wave.has(row.ref())))
        .sorted(Comparator.comparing(row -> row.record().uuid()))
        .toList();
  }

  private static boolean isWanted(Vm vm) {
    return ProtectedVms.isAwaited(vm) && vm.currentOperations().isEmpty();
  }

  /** Much may have happened to it since it was found to have ended. */
  private void startIfWanted(Row<Vm> vm) {
    boolean wanted =
        resources
            .store()
            .snapshot()
            .find(ApiModel.VM, vm.ref())
            .filter(Restarts::isWanted)
            .isPresent();
    if (wanted && !isHeld()) {
      start(vm);
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
