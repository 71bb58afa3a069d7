package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.Resources;
import io.keelson.host.DomainUsage;
import io.keelson.host.DriverException;
import io.keelson.host.Drivers;
import io.keelson.host.Network.Interface;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the metrics of hosts and running VMs every few seconds and shows them. */
public final class MetricsRefresh implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsRefresh.class);

  private final Resources resources;
  private final Duration period;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("metrics").factory());
  private final Map<UUID, Usage> before = new HashMap<>();

  private record Usage(DomainUsage usage, long nanos) {}

  /**
   * @param period between two readings
   */
  public MetricsRefresh(Resources resources, Duration period) {
    this.resources = resources;
    this.period = period;
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
    List<Reading> readings = new ArrayList<>();
    for (Row<Host> host : state.rows(ApiModel.HOST).toList()) {
      readings.add(HostReading.of(resources.drivers(), host));
      readings.addAll(pifs(state, host.record()));
      readings.addAll(vms(state, host.record()));
    }
    before.keySet().removeIf(vm -> state.table(ApiModel.VM).byUuid(vm.toString()).isEmpty());
    Instant now = resources.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    resources.store().overlay(overlay -> readings.forEach(r -> r.write(overlay, now)));
  }

  private List<Reading> pifs(Snapshot state, Host host) {
    Map<String, Boolean> carriers = new HashMap<>();
    for (Interface one : resources.drivers().network().interfaces(UUID.fromString(host.uuid()))) {
      carriers.put(one.device(), one.carrier());
    }
    return host.pifs().stream()
        .map(ref -> state.get(ApiModel.PIF, ref))
        .filter(pif -> carriers.containsKey(pif.device()))
        .<Reading>map(
            pif -> new PifReading(pif.metrics(), carriers.getOrDefault(pif.device(), false)))
        .toList();
  }

  private List<Reading> vms(Snapshot state, Host host) {
    List<Reading> readings = new ArrayList<>();
    for (var ref : host.residentVms()) {
      Vm vm = state.get(ApiModel.VM, ref);
      if (vm.powerState() == VmPowerState.RUNNING && !vm.isControlDomain()) {
        vm(UUID.fromString(host.uuid()), vm, readings);
      }
    }
    return readings;
  }

  private void vm(UUID host, Vm vm, List<Reading> readings) {
    Drivers drivers = resources.drivers();
    UUID uuid = UUID.fromString(vm.uuid());
    try {
      Usage now = new Usage(drivers.compute().usage(host, uuid), System.nanoTime());
      Usage earlier = before.getOrDefault(uuid, now);
      before.put(uuid, now);
      double seconds = (now.nanos() - earlier.nanos()) / 1e9;
      readings.add(VmReading.of(vm.metrics(), earlier.usage(), now.usage(), seconds));
    } catch (DriverException failure) {
      // The domain has ended this instant; whoever hears of it updates the record.
      before.remove(uuid);
      LOG.debug("usage of {} cannot be read: {}", uuid, failure.getMessage());
    }
  }

  @Override
  public void close() {
    timer.shutdown();
  }
}
