package io.keelson.control.vm.settings;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmSettings;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiType;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.pool.ha.HaGuard;
import io.keelson.control.vm.power.SuspendImages;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Settings of VMs that are more than a field: what depends on others, or is checked. */
public final class VmSettingsHandler implements VmSettings {
  private static final Set<String> PRIORITIES = Set.of("restart", "best-effort", "");

  private final Store store;
  private final SuspendImages images;

  public VmSettingsHandler(Store store, SuspendImages images) {
    this.store = store;
    this.images = images;
  }

  @Override
  public void setOrder(Call call, Ref<Vm> self, long value) {
    set(self, "order", value, b -> b.order(value));
  }

  @Override
  public void setStartDelay(Call call, Ref<Vm> self, long value) {
    set(self, "start_delay", value, b -> b.startDelay(value));
  }

  @Override
  public void setShutdownDelay(Call call, Ref<Vm> self, long value) {
    set(self, "shutdown_delay", value, b -> b.shutdownDelay(value));
  }

  @Override
  public void setHaAlwaysRun(Call call, Ref<Vm> self, boolean value) {
    change(self, b -> b.haAlwaysRun(value));
  }

  /**
   * A VM that runs is kept running from now on, if HA is on.
   *
   * @throws io.keelson.api.ApiError INVALID_VALUE, HA_OPERATION_WOULD_BREAK_FAILOVER_PLAN
   */
  @Override
  public void setHaRestartPriority(Call call, Ref<Vm> self, String value) {
    if (!PRIORITIES.contains(value)) {
      throw ApiErrors.invalidValue("ha_restart_priority", value);
    }
    store.change(tx -> {
      Vm vm = tx.get(ApiModel.VM, self);
      boolean runs = !vm.residentOn().isNull() || vm.haAlwaysRun();
      boolean always = !value.isEmpty() && runs;
      tx.update(
          ApiModel.VM, self, v -> v.with(b -> b.haRestartPriority(value).haAlwaysRun(always)));
      HaGuard.keepPlan(tx);
    });
  }

  @Override
  public void setHasVendorDevice(Call call, Ref<Vm> self, boolean value) {
    store.change(tx -> {
      requireState(self, tx.get(ApiModel.VM, self), VmPowerState.HALTED);
      tx.update(ApiModel.VM, self, v -> v.with(b -> b.hasVendorDevice(value)));
    });
  }

  /** Guests may tie a licence to these texts, so they are given only once. */
  @Override
  public void copyBiosStrings(Call call, Ref<Vm> vm, Ref<Host> host) {
    store.change(tx -> {
      Map<String, String> strings = tx.get(ApiModel.HOST, host).biosStrings();
      if (!tx.get(ApiModel.VM, vm).biosStrings().isEmpty()) {
        throw ApiErrors.operationNotAllowed("the VM has BIOS strings already");
      }
      tx.update(ApiModel.VM, vm, v -> v.with(b -> b.biosStrings(strings)));
    });
  }

  @Override
  public void setSuspendVdi(Call call, Ref<Vm> self, Ref<Vdi> value) {
    Snapshot state = store.snapshot();
    Vm vm = state.get(ApiModel.VM, self);
    requireState(self, vm, VmPowerState.SUSPENDED);
    Vdi image = state.get(ApiModel.VDI, value);
    if (image.type() != VdiType.SUSPEND) {
      throw ApiErrors.vdiIncompatibleType(value.text(), image.type().text());
    }
    if (!value.equals(vm.suspendVdi()) && !images.same(state, vm.suspendVdi(), value)) {
      throw ApiErrors.invalidValue("suspend_VDI", value.text());
    }
    store.change(tx -> {
      requireState(self, tx.get(ApiModel.VM, self), VmPowerState.SUSPENDED);
      tx.update(ApiModel.VM, self, v -> v.with(b -> b.suspendVdi(value)));
    });
  }

  private void set(Ref<Vm> self, String field, long value, Consumer<Vm.Builder> change) {
    if (value < 0) {
      throw ApiErrors.invalidValue(field, Long.toString(value));
    }
    change(self, change);
  }

  private void change(Ref<Vm> self, Consumer<Vm.Builder> change) {
    store.change(tx -> tx.update(ApiModel.VM, self, v -> v.with(change)));
  }

  private static void requireState(Ref<Vm> ref, Vm vm, VmPowerState state) {
    if (vm.powerState() != state) {
      throw ApiErrors.vmBadPowerState(
          ref.text(),
          state.text().toLowerCase(Locale.ROOT),
          vm.powerState().text().toLowerCase(Locale.ROOT));
    }
  }
}
