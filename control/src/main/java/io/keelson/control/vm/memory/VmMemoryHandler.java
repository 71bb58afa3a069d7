package io.keelson.control.vm.memory;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmMemory;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.Resources;
import io.keelson.control.pool.ha.HaGuard;
import io.keelson.control.rules.HostId;
import io.keelson.control.rules.Recommendations;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** The memory of VMs: its limits, its live target and what it costs. */
public final class VmMemoryHandler implements VmMemory {
  private static final long CLOSE_ENOUGH = MemoryCost.MIB;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Resources resources;
  private final MemoryBalancer balancer;

  public VmMemoryHandler(Resources resources, MemoryBalancer balancer) {
    this.resources = resources;
    this.balancer = balancer;
  }

  @Override
  public long computeMemoryOverhead(Call call, Ref<Vm> vm) {
    return MemoryCost.overheadBytes(resources.store().snapshot().get(ApiModel.VM, vm));
  }

  @Override
  public long maximiseMemory(Call call, Ref<Vm> self, long total, boolean approximate) {
    Vm vm = resources.store().snapshot().get(ApiModel.VM, self);
    return MemoryCost.largestWithin(vm, total);
  }

  @Override
  public void setHvmShadowMultiplier(Call call, Ref<Vm> self, double value) {
    shadow(self, VmOperations.CHANGING_SHADOW_MEMORY, value);
  }

  @Override
  public void setShadowMultiplierLive(Call call, Ref<Vm> self, double multiplier) {
    shadow(self, VmOperations.CHANGING_SHADOW_MEMORY_LIVE, multiplier);
  }

  @Override
  public void setMemoryStaticMax(Call call, Ref<Vm> self, long value) {
    limit(self, l -> new MemoryLimits(l.staticMin(), l.dynamicMin(), l.dynamicMax(), value));
  }

  @Override
  public void setMemoryStaticMin(Call call, Ref<Vm> self, long value) {
    limit(self, l -> new MemoryLimits(value, l.dynamicMin(), l.dynamicMax(), l.staticMax()));
  }

  @Override
  public void setMemoryStaticRange(Call call, Ref<Vm> self, long min, long max) {
    limit(self, l -> new MemoryLimits(min, l.dynamicMin(), l.dynamicMax(), max));
  }

  @Override
  public void setMemoryLimits(
      Call call, Ref<Vm> self, long staticMin, long staticMax, long dynamicMin, long dynamicMax) {
    resources
        .store()
        .change(tx ->
            change(
                tx,
                self,
                VmOperations.CHANGING_MEMORY_LIMITS,
                _ -> new MemoryLimits(staticMin, dynamicMin, dynamicMax, staticMax)));
  }

  @Override
  public void setMemoryDynamicMax(Call call, Ref<Vm> self, long value) {
    dynamic(call, self, l -> new MemoryLimits(l.staticMin(), l.dynamicMin(), value, l.staticMax()));
  }

  @Override
  public void setMemoryDynamicMin(Call call, Ref<Vm> self, long value) {
    dynamic(call, self, l -> new MemoryLimits(l.staticMin(), value, l.dynamicMax(), l.staticMax()));
  }

  @Override
  public void setMemoryDynamicRange(Call call, Ref<Vm> self, long min, long max) {
    dynamic(call, self, l -> new MemoryLimits(l.staticMin(), min, max, l.staticMax()));
  }

  @Override
  public void setMemoryTargetLive(Call call, Ref<Vm> self, long target) {
    live(
        call,
        self,
        VmOperations.CHANGING_MEMORY_LIVE,
        l -> new MemoryLimits(l.staticMin(), target, target, l.staticMax()));
  }

  @Override
  public void waitMemoryTargetLive(Call call, Ref<Vm> self) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    VmRules.check(resources.store().snapshot(), self, VmOperations.AWAITING_MEMORY_LIVE);
    while (!isAtTarget(self)) {
      if (call.cancelled()) {
        throw ApiErrors.taskCancelled(call.task().text());
      }
      if (System.nanoTime() > end) {
        throw ApiErrors.operationNotAllowed("the guest does not reach its memory target");
      }
      pause();
    }
  }

  private boolean isAtTarget(Ref<Vm> self) {
    Snapshot state = resources.store().snapshot();
    Vm vm = state.get(ApiModel.VM, self);
    if (vm.powerState() != VmPowerState.RUNNING) {
      throw ApiErrors.vmBadPowerState(
          self.text(), "running", vm.powerState().text().toLowerCase(Locale.ROOT));
    }
    UUID host = HostId.of(state, vm.residentOn());
    long actual =
        resources.drivers().compute().usage(host, UUID.fromString(vm.uuid())).memoryActualBytes();
    return Math.abs(actual - vm.memoryTarget()) <= CLOSE_ENOUGH;
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a balloon moves");
    }
  }

  private void limit(Ref<Vm> self, UnaryOperator<MemoryLimits> limits) {
    resources.store().change(tx -> change(tx, self, VmOperations.CHANGING_STATIC_RANGE, limits));
  }

  /** A running VM's balloon follows at once. */
  private void dynamic(Call call, Ref<Vm> self, UnaryOperator<MemoryLimits> limits) {
    Vm vm = resources.store().snapshot().get(ApiModel.VM, self);
    if (vm.powerState() == VmPowerState.RUNNING) {
      live(call, self, VmOperations.CHANGING_DYNAMIC_RANGE, limits);
    } else {
      resources.store().change(tx -> change(tx, self, VmOperations.CHANGING_DYNAMIC_RANGE, limits));
    }
  }

  /** What one VM gets or gives, the others share. */
  private void live(
      Call call, Ref<Vm> self, VmOperations operation, UnaryOperator<MemoryLimits> limits) {
    resources
        .operations()
        .run(call, new BalloonSteps(resources, balancer, self, operation, limits));
    balancer.balance(resources.store().snapshot().get(ApiModel.VM, self).residentOn());
  }

  private static void change(
      Transaction tx, Ref<Vm> self, VmOperations operation, UnaryOperator<MemoryLimits> limits) {
    VmRules.check(tx, self, operation);
    Vm vm = tx.get(ApiModel.VM, self);
    MemoryLimits wanted = limits.apply(MemoryLimits.of(vm)).require();
    if (wanted.staticMax() != vm.memoryStaticMax()) {
      Recommendations.of(vm).checkMemory(wanted.staticMax());
    }
    tx.update(ApiModel.VM, self, wanted::applyTo);
    HaGuard.keepPlan(tx); // one that HA is to start again may have become too big for that
  }

  /** A running VM that comes to cost more needs a host that has it to spare. */
  private void shadow(Ref<Vm> self, VmOperations operation, double multiplier) {
    if (!(multiplier > 0)) {
      throw ApiErrors.invalidValue("multiplier", Double.toString(multiplier));
    }
    resources
        .store()
        .change(tx -> {
          VmRules.check(tx, self, operation);
          Vm vm = tx.get(ApiModel.VM, self);
          Vm changed = vm.with(b -> b.hvmShadowMultiplier(multiplier));
          long overhead = MemoryCost.overheadBytes(changed);
          long more = overhead - MemoryCost.overheadBytes(vm);
          if (more > 0 && !vm.residentOn().isNull()) {
            long free = HostMemory.of(tx, vm.residentOn(), Ref.none()).free();
            if (more > free) {
              throw ApiErrors.hostNotEnoughFreeMemory(Long.toString(more), Long.toString(free));
            }
          }
          tx.update(ApiModel.VM, self, _ -> changed.with(b -> b.memoryOverhead(overhead)));
          HaGuard.keepPlan(tx);
        });
  }
}
