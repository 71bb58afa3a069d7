package io.keelson.control.vm.power;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmGuestMetrics;
import io.keelson.api.model.VmMetrics;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.console.ConsoleLocations;
import io.keelson.control.gpu.HeldDevices;
import io.keelson.control.network.VmNics;
import io.keelson.control.storage.VmDisks;
import io.keelson.host.Domain;
import io.keelson.store.Transaction;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** Writes down how a VM stands: its power state and all that goes with it, in one transaction. */
public final class PowerStates {
  /** VM.domid of a VM that does not run. */
  public static final long NO_DOMID = -1;

  private final Clock clock;
  private final ConsoleRows consoles;

  public PowerStates(Clock clock, ConsoleLocations locations) {
    this.clock = clock;
    this.consoles = new ConsoleRows(locations);
  }

  /** A domain was built for the VM, fresh or from a memory image. */
  void began(Transaction tx, RunPlan plan, Domain domain, boolean booted) {
    runs(tx, plan.ref(), plan.host(), domain);
    if (booted) {
      Map<String, String> flags = cpuFlags(tx, plan.host());
      String record = BootRecord.text(plan.vm());
      tx.update(
          ApiModel.VM,
          plan.ref(),
          v -> v.with(b -> b.lastBootedRecord(record).lastBootCpuFlags(flags)));
    }
    tx.update(ApiModel.VM, plan.ref(), v -> v.with(b -> b.memoryTarget(plan.memoryTarget())));
    detached(tx, plan.ref());
    VmDisks.attached(tx, plan.disks());
    VmNics.attached(tx, plan.nics());
    metrics(
        tx,
        plan.ref(),
        m ->
            m.startTime(now()).vcpusNumber(plan.processors()).vcpusParams(plan.vm().vcpusParams()));
  }

  /** A domain of the VM is there, standing as it says. */
  void runs(Transaction tx, Ref<Vm> ref, Ref<Host> host, Domain domain) {
    VmPowerState state =
        switch (domain.state()) {
          case RUNNING -> VmPowerState.RUNNING;
          case PAUSED -> VmPowerState.PAUSED;
        };
    tx.update(
        ApiModel.VM,
        ref,
        v ->
            v.with(b ->
                b.powerState(state)
                    .domid(domain.domid())
                    .residentOn(host)
                    .scheduledToBeResidentOn(Ref.none())));
    HeldDevices.attached(tx, ref);
    consoles.show(tx, ref, host, domain.consoles());
    metrics(tx, ref, m -> m.state(List.of(describe(state))));
  }

  /**
   * A domain of the VM is there that the records did not know of: it has the devices that it had,
   * or was about to get.
   */
  void adopted(Transaction tx, Ref<Vm> ref, Ref<Host> host, Domain domain) {
    runs(tx, ref, host, domain);
    Vm vm = tx.get(ApiModel.VM, ref);
    for (Ref<Vbd> vbd : vm.vbds()) {
      if (!tx.get(ApiModel.VBD, vbd).currentOperations().isEmpty()) {
        tx.update(ApiModel.VBD, vbd, v -> v.with(b -> b.currentlyAttached(true)));
      }
    }
    for (Ref<Vif> vif : vm.vifs()) {
      if (!tx.get(ApiModel.VIF, vif).currentOperations().isEmpty()) {
        tx.update(ApiModel.VIF, vif, v -> v.with(b -> b.currentlyAttached(true)));
      }
    }
    metrics(
        tx,
        ref,
        m -> m.vcpusNumber(Math.max(1, m.build().vcpusNumber())).vcpusParams(vm.vcpusParams()));
  }

  /** Its domain has moved to a new run, with all that it had. */
  void moved(Transaction tx, Ref<Vm> ref, Ref<Host> host, Domain domain) {
    runs(tx, ref, host, domain);
  }

  /** Its processors stand still, or run again. */
  void turned(Transaction tx, Ref<Vm> ref, VmPowerState state) {
    tx.update(ApiModel.VM, ref, v -> v.with(b -> b.powerState(state)));
    metrics(tx, ref, m -> m.state(List.of(describe(state))));
  }

  /** Notes whether HA is to keep the VM running, when somebody has started or ended it. */
  static void wanted(Transaction tx, Ref<Vm> ref, boolean runs) {
    Vm vm = tx.get(ApiModel.VM, ref);
    boolean always = runs && !vm.haRestartPriority().isEmpty();
    if (vm.haAlwaysRun() != always) {
      tx.update(ApiModel.VM, ref, v -> v.with(b -> b.haAlwaysRun(always)));
    }
  }

  /** Nothing of a run is left. */
  public void halted(Transaction tx, Ref<Vm> ref) {
    gone(tx, ref, VmPowerState.HALTED);
    detached(tx, ref);
    metrics(tx, ref, m -> m.state(List.of()).vcpusNumber(0L));
  }

  /** It counts as halted, whatever was under way with it: what ran it is gone for good. */
  public void reset(Transaction tx, Ref<Vm> ref) {
    halted(tx, ref);
    tx.update(ApiModel.VM, ref, v -> v.with(b -> b.currentOperations(Map.of())));
  }

  /** It waits in its memory image; its devices stay reserved. */
  void suspended(Transaction tx, Ref<Vm> ref) {
    gone(tx, ref, VmPowerState.SUSPENDED);
    metrics(tx, ref, m -> m.state(List.of()));
  }

  private void gone(Transaction tx, Ref<Vm> ref, VmPowerState state) {
    Ref<VmGuestMetrics> guest = tx.get(ApiModel.VM, ref).guestMetrics();
    tx.update(
        ApiModel.VM,
        ref,
        v ->
            v.with(b ->
                b.powerState(state)
                    .domid(NO_DOMID)
                    .residentOn(Ref.none())
                    .scheduledToBeResidentOn(Ref.none())
                    .guestMetrics(Ref.none())));
    if (tx.find(ApiModel.VM_GUEST_METRICS, guest).isPresent()) {
      tx.delete(ApiModel.VM_GUEST_METRICS, guest);
    }
    HeldDevices.detached(tx, ref);
    consoles.remove(tx, ref);
  }

  private static void detached(Transaction tx, Ref<Vm> ref) {
    VmDisks.detached(tx, ref);
    VmNics.detached(tx, ref);
  }

  private static void metrics(Transaction tx, Ref<Vm> ref, Consumer<VmMetrics.Builder> change) {
    Ref<VmMetrics> metrics = tx.get(ApiModel.VM, ref).metrics();
    if (tx.find(ApiModel.VM_METRICS, metrics).isPresent()) {
      tx.update(ApiModel.VM_METRICS, metrics, m -> m.with(change));
      return;
    }
    Ref<VmMetrics> made =
        tx.create(
            ApiModel.VM_METRICS,
            VmMetrics.builder().uuid(UUID.randomUUID().toString()).build().with(change));
    tx.update(ApiModel.VM, ref, v -> v.with(b -> b.metrics(made)));
  }

  private static Map<String, String> cpuFlags(Transaction tx, Ref<Host> host) {
    Map<String, String> info = tx.get(ApiModel.HOST, host).cpuInfo();
    return Map.of(
        "vendor", info.getOrDefault("vendor", ""), "features", info.getOrDefault("features", ""));
  }

  private static String describe(VmPowerState state) {
    return switch (state) {
      case RUNNING -> "running";
      case PAUSED -> "paused";
      case HALTED, SUSPENDED -> "";
    };
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
