package io.keelson.control.vm.guest;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.Resources;
import io.keelson.host.Compute;
import io.keelson.host.DriverException;
import io.keelson.host.GuestReport;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the agents of running guests how things are, and writes down what has changed: at once when
 * an agent appears, often while its guest is young, seldom afterwards. Slow guests hold up nobody.
 */
public final class GuestRefresh implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GuestRefresh.class);
  private static final Duration YOUNG = Duration.ofSeconds(5);
  private static final Duration SETTLED = Duration.ofSeconds(30);
  private static final int ANSWERS_WHILE_YOUNG = 12;
  private static final int MOST_AT_ONCE = 16;
  private static final int IN_ONE_WRITE = 100;

  private final Resources resources;
  private final Compute compute;
  private final Duration period;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("guests").factory());
  private final ExecutorService askers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("guest-", 0).factory());
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);
  private final Map<UUID, Asked> asked = new ConcurrentHashMap<>();
  private final AddressUpkeep addresses;
  private final AgentConfig settings;
  private final Queue<GuestAnswer> answers = new ConcurrentLinkedQueue<>();

  /**
   * When a guest's agent is asked next.
   *
   * @param nanos by the system's steady clock; the farthest future while it is being asked
   */
  private record Asked(long domid, int answers, long nanos) {}

  /**
   * @param period between two looks at who has an agent
   */
  public GuestRefresh(Resources resources, Duration period) {
    this.resources = resources;
    this.compute = resources.drivers().compute();
    this.period = period;
    this.addresses = new AddressUpkeep(resources.store(), compute);
    this.settings = new AgentConfig(resources.store(), compute);
  }

  public void start() {
    timer.scheduleWithFixedDelay(this::tryLook, 0, period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void tryLook() {
    try {
      look();
    } catch (RuntimeException failure) {
      LOG.warn("guests cannot be asked", failure);
    }
  }

  /** Writes down what has been answered, and asks whose turn it is. */
  void look() {
    write();
    Snapshot state = resources.store().snapshot();
    Set<UUID> running = new HashSet<>();
    for (Row<Host> host : state.rows(ApiModel.HOST).toList()) {
      UUID hostId = UUID.fromString(host.record().uuid());
      for (Ref<Vm> ref : host.record().residentVms()) {
        Vm vm = state.get(ApiModel.VM, ref);
        if (vm.powerState() == VmPowerState.RUNNING && !vm.isControlDomain()) {
          UUID id = UUID.fromString(vm.uuid());
          running.add(id);
          look(hostId, id, ref, vm);
        }
      }
    }
    asked.keySet().retainAll(running);
    settings.retain(running);
  }

  private void look(UUID host, UUID id, Ref<Vm> ref, Vm vm) {
    if (!compute.hasAgent(host, id)) {
      asked.remove(id);
      answers.add(new GuestAnswer(ref, vm.domid(), Optional.empty()));
      return;
    }
    long now = System.nanoTime();
    Optional<Asked> before =
        Optional.ofNullable(asked.get(id)).filter(a -> a.domid() == vm.domid());
    boolean early = before.filter(a -> a.nanos() - now > 0).isPresent();
    boolean beingAsked = before.filter(a -> a.nanos() - now > SETTLED.toNanos()).isPresent();
    if (early && (beingAsked || !settings.due(id, vm.domid()))) {
      return;
    }
    int count = before.map(Asked::answers).orElse(0);
    asked.put(id, new Asked(vm.domid(), count, now + TimeUnit.HOURS.toNanos(1)));
    askers.execute(() -> ask(host, id, ref, vm.domid(), count));
  }

  private void ask(UUID host, UUID id, Ref<Vm> ref, long domid, int count) {
    Optional<GuestReport> report = Optional.empty();
    try {
      places.acquire();
      try {
        report = Optional.of(compute.askGuest(host, id));
      } finally {
        places.release();
      }
    } catch (DriverException failure) {
      LOG.debug("the agent of {} says nothing: {}", id, failure.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return;
    }
    answers.add(new GuestAnswer(ref, domid, report));
    report.ifPresent(told -> {
      addresses.keep(host, id, ref, told);
      settings.keep(host, id, domid, told);
    });
    Duration pause = count < ANSWERS_WHILE_YOUNG ? YOUNG : SETTLED;
    asked.computeIfPresent(
        id, (_, _) -> new Asked(domid, count + 1, System.nanoTime() + pause.toNanos()));
  }

  /** What changes nothing troubles neither the journal nor any watcher. */
  private void write() {
    Snapshot state = resources.store().snapshot();
    Instant now = resources.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    List<GuestAnswer> news = new ArrayList<>();
    for (GuestAnswer next = answers.poll(); next != null; next = answers.poll()) {
      if (next.changes(state)) {
        news.add(next);
      }
    }
    for (int from = 0; from < news.size(); from += IN_ONE_WRITE) {
      List<GuestAnswer> some = news.subList(from, Math.min(news.size(), from + IN_ONE_WRITE));
      resources.store().change(tx -> some.forEach(answer -> answer.write(tx)));
    }
    if (!news.isEmpty()) {
      resources.store().overlay(overlay -> news.forEach(answer -> answer.follow(overlay, now)));
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    askers.shutdownNow();
  }
}
