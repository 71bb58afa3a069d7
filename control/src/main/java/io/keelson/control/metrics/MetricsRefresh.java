package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Sr;
import io.keelson.control.Resources;
import io.keelson.control.gpu.DeviceScan;
import io.keelson.control.host.HostStates;
import io.keelson.control.metrics.rrd.Reading;
import io.keelson.control.rules.OnlyPool;
import io.keelson.host.DiskUsage;
import io.keelson.host.DomainUsage;
import io.keelson.host.DriverException;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures hosts, VMs with domains and attached repositories every few seconds, records what was
 * measured, and shows it in the metrics objects.
 */
public final class MetricsRefresh implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsRefresh.class);

  private final Resources resources;
  private final Statistics statistics;
  private final Duration period;
  private final Consumer<Map<Owner, Collection<Reading>>> watcher;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("metrics").factory());
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("metrics-", 0).factory());
  private Map<UUID, VmUsage> vmsBefore = Map.of();
  private Map<Ref<Host>, Map<Ref<Sr>, DiskUsage>> sumsBefore = Map.of();

  /**
   * @param period between two readings
   * @param watcher told of what was measured, each time
   */
  public MetricsRefresh(
      Resources resources,
      Statistics statistics,
      Duration period,
      Consumer<Map<Owner, Collection<Reading>>> watcher) {
    this.resources = resources;
    this.statistics = statistics;
    this.period = period;
    this.watcher = watcher;
  }

  /** Reads at once, so that hosts are live from the beginning, and then every period. */
  public void start() {
    tryRead();
    timer.scheduleWithFixedDelay(
        this::tryRead, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void tryRead() {
    try {
      read();
    } catch (RuntimeException failure) {
      LOG.warn("metrics cannot be read", failure);
    }
  }

  /** Reads now. */
  public synchronized void read() {
    Snapshot state = resources.store().snapshot();
    long nanos = System.nanoTime();
    Map<Owner, Live> measured = new HashMap<>();
    List<Shown> shown = new ArrayList<>();
    Map<UUID, VmUsage> vms = new HashMap<>();
    Map<Ref<Host>, Map<Ref<Sr>, DiskUsage>> sums = new HashMap<>();
    Ref<Host> master = OnlyPool.master(state);
    for (Row<Host> host : state.rows(ApiModel.HOST).toList()) {
      Optional<Survey> answer = survey(state, host);
      if (answer.isEmpty()) {
        shown.add(new SilentHost(host.ref()));
        continue;
      }
      Survey survey = answer.get();
      if (HostStates.notice(resources.store(), host, survey.facts())) {
        new DeviceScan(resources.store(), resources.drivers().devices()).scan(host.ref());
      }
      for (VmUsage each : survey.vms()) {
        vms.put(each.uuid(), each);
      }
      sums.put(host.ref(), HostMeasurements.sums(state, survey.vms()));
      Live live = live(owner(host.record()), host(state, survey, master), nanos);
      measured.put(owner(host.record()), live);
      shown.add(new HostReading(host.ref(), survey.memoryTotal(), survey.load()));
      shown.addAll(ShownDevices.pifs(state, survey, live));
      vms(survey, measured, shown, nanos);
      repositories(state, survey, measured, nanos);
    }
    vmsBefore = vms;
    sumsBefore = sums;
    Instant now = resources.clock().instant();
    statistics.take(state, measured, now);
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    resources.store().overlay(overlay -> shown.forEach(each -> each.write(overlay, second)));
    watcher.accept(statistics.newest());
  }

  /** Nothing from a host that is off. */
  private Optional<Survey> survey(Snapshot state, Row<Host> host) {
    try {
      return Optional.of(Survey.of(resources.drivers(), state, host, threads));
    } catch (DriverException silent) {
      LOG.debug("{} does not answer", host.record().nameLabel(), silent);
      return Optional.empty();
    }
  }

  private List<Measurement> host(Snapshot state, Survey survey, Ref<Host> master) {
    List<Measurement> all = new ArrayList<>();
    all.addAll(HostMeasurements.machine(survey.memoryTotal(), survey.load()));
    all.addAll(HostMeasurements.interfaces(survey.traffic()));
    all.addAll(HostMeasurements.vms(survey.vms()));
    all.addAll(
        HostMeasurements.repositories(
            state, survey.vms(), sumsBefore.getOrDefault(survey.host().ref(), Map.of())));
    if (survey.host().ref().equals(master)) {
      all.addAll(ServerMeasurements.of(state));
    }
    return all;
  }

  private void vms(Survey survey, Map<Owner, Live> measured, List<Shown> shown, long nanos) {
    for (VmUsage usage : survey.vms()) {
      Owner owner = new Owner(Owner.Kind.VM, usage.uuid());
      Optional<VmUsage> before = Optional.ofNullable(vmsBefore.get(usage.uuid()));
      Live live = live(owner, VmMeasurements.of(usage, before), nanos);
      measured.put(owner, live);
      DomainUsage domain = usage.domain();
      int processors = domain.processorSeconds().size();
      shown.add(VmReading.of(usage.vm().metrics(), domain.memoryActualBytes(), processors, live));
      shown.addAll(ShownDevices.of(usage, live));
    }
  }

  private void repositories(Snapshot state, Survey survey, Map<Owner, Live> measured, long nanos) {
    survey
        .repositories()
        .forEach((ref, space) ->
            state
                .find(ApiModel.SR, ref)
                .ifPresent(sr -> {
                  Owner owner = new Owner(Owner.Kind.SR, UUID.fromString(sr.uuid()));
                  measured.put(owner, live(owner, SrMeasurements.of(sr, space), nanos));
                }));
  }

  private Live live(Owner owner, List<Measurement> measurements, long nanos) {
    return Live.of(statistics.live(owner), measurements, nanos);
  }

  private static Owner owner(Host host) {
    return new Owner(Owner.Kind.HOST, UUID.fromString(host.uuid()));
  }

  /** Keeps what is recorded by then: before this returns, if there is nothing to wait for. */
  void saveAfter(Duration delay) {
    if (delay.isZero()) {
      statistics.save();
    } else {
      timer.schedule(statistics::save, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Keeps what is recorded. */
  @Override
  public void close() {
    timer.shutdown();
    threads.shutdownNow();
    synchronized (this) {
      statistics.save();
    }
  }
}
