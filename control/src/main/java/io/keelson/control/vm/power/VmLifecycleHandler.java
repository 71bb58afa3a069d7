package io.keelson.control.vm.power;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmLifecycle;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.control.operation.Operations;
import io.keelson.control.operation.Steps;
import io.keelson.control.vm.domain.Watch;
import io.keelson.control.vm.placement.ProcessorFit.Wish;
import io.keelson.control.vm.rule.VmRules;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** VM.start, VM.shutdown and what else changes a VM's power state. */
final class VmLifecycleHandler implements VmLifecycle {
  private final PowerParts parts;
  private final Operations operations;

  VmLifecycleHandler(PowerParts parts, Operations operations) {
    this.parts = parts;
    this.operations = operations;
  }

  @Override
  public void start(Call call, Ref<Vm> vm, boolean startPaused, boolean force) {
    start(call, vm, VmOperations.START, Optional.empty(), startPaused);
  }

  @Override
  public void startOn(Call call, Ref<Vm> vm, Ref<Host> host, boolean startPaused, boolean force) {
    start(call, vm, VmOperations.START_ON, Optional.of(host), startPaused);
  }

  @Override
  public void resume(Call call, Ref<Vm> vm, boolean startPaused, boolean force) {
    resume(call, vm, VmOperations.RESUME, Optional.empty(), wish(force), startPaused);
  }

  @Override
  public void resumeOn(Call call, Ref<Vm> vm, Ref<Host> host, boolean startPaused, boolean force) {
    resume(call, vm, VmOperations.RESUME_ON, Optional.of(host), wish(force), startPaused);
  }

  @Override
  public void pause(Call call, Ref<Vm> vm) {
    run(call, vm, _ -> new TurnSteps(parts, vm, true));
  }

  @Override
  public void unpause(Call call, Ref<Vm> vm) {
    run(call, vm, _ -> new TurnSteps(parts, vm, false));
  }

  @Override
  public void cleanShutdown(Call call, Ref<Vm> vm) {
    run(call, vm, watch -> new ShutdownSteps(parts, vm, ShutdownSteps.Way.ASK, watch));
  }

  @Override
  public void hardShutdown(Call call, Ref<Vm> vm) {
    run(call, vm, watch -> new ShutdownSteps(parts, vm, ShutdownSteps.Way.CUT, watch));
  }

  @Override
  public void shutdown(Call call, Ref<Vm> vm) {
    run(call, vm, watch -> new ShutdownSteps(parts, vm, ShutdownSteps.Way.ASK_THEN_CUT, watch));
  }

  @Override
  public void cleanReboot(Call call, Ref<Vm> vm) {
    run(call, vm, watch -> new RebootSteps(parts, vm, RebootSteps.Way.ASK, watch));
  }

  @Override
  public void hardReboot(Call call, Ref<Vm> vm) {
    run(call, vm, watch -> new RebootSteps(parts, vm, RebootSteps.Way.CUT, watch));
  }

  @Override
  public void suspend(Call call, Ref<Vm> vm) {
    run(call, vm, watch -> new SuspendSteps(parts, vm, watch));
  }

  @Override
  public void powerStateReset(Call call, Ref<Vm> vm) {
    run(call, vm, watch -> new ResetSteps(parts, vm, watch));
  }

  private void start(
      Call call, Ref<Vm> vm, VmOperations operation, Optional<Ref<Host>> host, boolean paused) {
    Choice choice = choice(call, vm, operation, host);
    run(call, vm, _ -> new StartSteps(parts, vm, operation, choice, paused));
  }

  private void resume(
      Call call,
      Ref<Vm> vm,
      VmOperations operation,
      Optional<Ref<Host>> host,
      Wish wish,
      boolean paused) {
    Choice choice = choice(call, vm, operation, host);
    run(call, vm, watch -> new ResumeSteps(parts, vm, operation, choice, wish, paused, watch));
  }

  /** Where the caller wants it, else what workload balancing says about it. */
  private Choice choice(Call call, Ref<Vm> vm, VmOperations operation, Optional<Ref<Host>> host) {
    if (host.isPresent()) {
      return new Choice.This(host.get());
    }
    // A call that is to be refused anyway need not wait for another server.
    VmRules.check(parts.store().snapshot(), vm, operation);
    return new Choice.Any(parts.balancing().hostsFor(call, vm));
  }

  private static Wish wish(boolean force) {
    return force ? Wish.ANY : Wish.COMPATIBLE;
  }

  /** Runs an operation that hears what the VM's domain does meanwhile. */
  private void run(Call call, Ref<Vm> vm, Function<Watch, Steps<?, ?>> steps) {
    Vm before = parts.store().snapshot().get(ApiModel.VM, vm);
    try (Watch watch = parts.events().watch(UUID.fromString(before.uuid()))) {
      operations.run(call, steps.apply(watch));
    } catch (ApiError failure) {
      parts.balancer().balance();
      throw failure;
    }
    parts.balancer().balance(before.residentOn());
  }
}
