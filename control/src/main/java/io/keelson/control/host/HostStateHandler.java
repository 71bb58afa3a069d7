package io.keelson.control.host;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostState;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmMetrics;
import io.keelson.control.pool.ha.HaGuard;
import io.keelson.control.vm.memory.HostMemory;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What a host says of itself, and whether it takes VMs. */
final class HostStateHandler implements HostState {
  private final Store store;
  private final Clock clock;
  private final StatusReport report;
  private final Supplier<List<String>> methods;

  HostStateHandler(Store store, Clock clock, StatusReport report, Supplier<List<String>> methods) {
    this.store = store;
    this.clock = clock;
    this.report = report;
    this.methods = methods;
  }

  @Override
  public void enable(Call call, Ref<Host> host) {
    setEnabled(host, true);
  }

  /**
   * @throws io.keelson.api.ApiError HA_OPERATION_WOULD_BREAK_FAILOVER_PLAN
   */
  @Override
  public void disable(Call call, Ref<Host> host) {
    setEnabled(host, false);
  }

  private void setEnabled(Ref<Host> host, boolean enabled) {
    store.change(tx -> {
      tx.update(ApiModel.HOST, host, h -> h.with(b -> b.enabled(enabled)));
      HaGuard.keepPlan(tx);
    });
  }

  @Override
  public long computeFreeMemory(Call call, Ref<Host> host) {
    return HostMemory.of(store.snapshot(), host, Ref.none()).free();
  }

  @Override
  public long computeMemoryOverhead(Call call, Ref<Host> host) {
    return host(host).memoryOverhead();
  }

  @Override
  public Ref<Pif> getManagementInterface(Call call, Ref<Host> host) {
    host(host);
    return store
        .snapshot()
        .rows(ApiModel.PIF)
        .filter(r -> r.record().management() && r.record().host().equals(host))
        .map(Row::ref)
        .findFirst()
        .orElseThrow(ApiErrors::hostHasNoManagementIp);
  }

  @Override
  public Instant getServertime(Call call, Ref<Host> host) {
    host(host);
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  @Override
  public LocalDateTime getServerLocaltime(Call call, Ref<Host> host) {
    host(host);
    return LocalDateTime.ofInstant(clock.instant(), ZoneId.systemDefault());
  }

  /** One element a subject of a report; the keys are letters and dashes. */
  @Override
  public String getSystemStatusCapabilities(Call call, Ref<Host> host) {
    return report.subjects(host).stream()
        .map(subject ->
            "<capability content-type=\"%s\" default-checked=\"%s\" key=\"%s\" pii=\"%s\"/>"
                .formatted(
                    StatusReport.isUsual(subject) ? "text/plain" : "application/data",
                    StatusReport.isUsual(subject) ? "yes" : "no",
                    subject.key(),
                    subject.personal() ? "maybe" : "no"))
        .collect(
            Collectors.joining(
                "",
                "<?xml version=\"1.0\" ?><system-status-capabilities>",
                "</system-status-capabilities>"));
  }

  /** A VM does not cooperate when it keeps more memory than it may. */
  @Override
  public Set<Ref<Vm>> getUncooperativeResidentVms(Call call, Ref<Host> self) {
    Snapshot state = store.snapshot();
    Set<Ref<Vm>> found = new LinkedHashSet<>();
    for (Ref<Vm> ref : host(self).residentVms()) {
      state
          .find(ApiModel.VM, ref)
          .filter(vm -> !vm.isControlDomain() && keepsTooMuch(state, vm))
          .ifPresent(_ -> found.add(ref));
    }
    return found;
  }

  private static boolean keepsTooMuch(Snapshot state, Vm vm) {
    return state
        .find(ApiModel.VM_METRICS, vm.metrics())
        .map(VmMetrics::memoryActual)
        .filter(actual -> actual > vm.memoryDynamicMax())
        .isPresent();
  }

  @Override
  public List<String> listMethods(Call call) {
    return methods.get();
  }

  private Host host(Ref<Host> ref) {
    return store.snapshot().get(ApiModel.HOST, ref);
  }
}
