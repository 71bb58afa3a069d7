package io.keelson.control.appliance;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmLifecycle;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmAppliance;
import io.keelson.api.model.VmApplianceFields;
import io.keelson.control.Resources;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Failures;
import io.keelson.control.operation.PartCall;
import io.keelson.control.operation.Steps;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts or stops the VMs of an appliance: those of the same order side by side, those of the next
 * when all of these are done and the longest of their delays has passed. One that fails keeps no
 * other from its turn.
 */
record PowerSteps(
    Resources resources, VmLifecycle vms, Call call, Ref<VmAppliance> appliance, Way way)
    implements Steps<PowerSteps.Plan, PowerSteps.Plan> {
  private static final Logger LOG = LoggerFactory.getLogger(PowerSteps.class);
  private static final int AT_ONCE = 16;
  private static final Duration GLANCE = Duration.ofMillis(100);

  /** VMs whose turn it is, and for how long to wait after them. */
  record Turn(List<Ref<Vm>> vms, Duration delay) {}

  /** What is to be done, one turn after another. */
  record Plan(List<Turn> turns) {
    int size() {
      return turns.stream().mapToInt(t -> t.vms().size()).sum();
    }
  }

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    ApplianceRules.check(tx, appliance);
    claims.add(
        ApiModel.VM_APPLIANCE, appliance, VmApplianceFields.CURRENT_OPERATIONS, way.operation());
    TreeMap<Long, List<Ref<Vm>>> byOrder = new TreeMap<>();
    for (Ref<Vm> vm : tx.get(ApiModel.VM_APPLIANCE, appliance).vms()) {
      Vm record = tx.get(ApiModel.VM, vm);
      if (record.powerState() != way.goal()) {
        byOrder.computeIfAbsent(record.order(), _ -> new ArrayList<>()).add(vm);
      }
    }
    Map<Long, List<Ref<Vm>>> inOrder = way.ascending() ? byOrder : byOrder.descendingMap();
    return new Plan(inOrder.values().stream().map(group -> turn(tx, group)).toList());
  }

  private Turn turn(Transaction tx, List<Ref<Vm>> group) {
    long delay = group.stream().mapToLong(vm -> way.delay(tx.get(ApiModel.VM, vm))).max().orElse(0);
    return new Turn(List.copyOf(group), Duration.ofSeconds(Math.max(0, delay)));
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    AtomicInteger done = new AtomicInteger();
    Set<String> failed = new LinkedHashSet<>();
    for (int i = 0; i < plan.turns().size(); i++) {
      Turn turn = plan.turns().get(i);
      failed.addAll(
          take(turn, () -> progress.report(done.incrementAndGet() / (double) plan.size())));
      requireNotCancelled();
      if (i + 1 < plan.turns().size()) {
        pause(turn.delay());
      }
    }
    if (!failed.isEmpty()) {
      List<String> details = new ArrayList<>(List.of(way.whole().wireName()));
      details.addAll(failed);
      throw ApiErrors.operationPartiallyFailed(details);
    }
    return plan;
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan same) {}

  /** The VMs that did not do it. */
  private List<String> take(Turn turn, Runnable done) {
    List<String> failed = Collections.synchronizedList(new ArrayList<>());
    Semaphore slots = new Semaphore(AT_ONCE);
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("appliance-", 0).factory())) {
      for (Ref<Vm> vm : turn.vms()) {
        threads.execute(() -> {
          slots.acquireUninterruptibly();
          try {
            if (!succeeds(vm)) {
              failed.add(vm.text());
            }
          } finally {
            slots.release();
            done.run();
          }
        });
      }
    }
    return turn.vms().stream().map(Ref::text).filter(failed::contains).toList();
  }

  private boolean succeeds(Ref<Vm> vm) {
    PartCall member = new PartCall(call, way.each());
    try {
      resources.store().change(tx -> resources.tasks().openPart(tx, member));
      requireNotCancelled();
      way.run(vms, member, vm);
      return true;
    } catch (RuntimeException failure) {
      ApiError error = Failures.of(failure, member.task());
      LOG.info("{} of {} failed: {}", way.each().wireName(), vm, error.getMessage());
      resources.store().change(tx -> resources.tasks().fail(tx, member, error));
      return false;
    }
  }

  private void pause(Duration time) {
    long start = System.nanoTime();
    long nanos = TimeUnit.NANOSECONDS.convert(time); // a delay may be longer than these can count
    while (System.nanoTime() - start < nanos) {
      requireNotCancelled();
      try {
        Thread.sleep(GLANCE);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void requireNotCancelled() {
    if (call.cancelled()) {
      throw ApiErrors.taskCancelled(call.task().text());
    }
  }
}
