package io.keelson.control.vm.settings;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmOperations;
import io.keelson.api.model.Vm;
import io.keelson.control.network.VifRecords;
import io.keelson.control.storage.VbdDevices;
import io.keelson.control.vm.memory.MemoryBalancer;
import io.keelson.control.vm.power.BootRecord;
import io.keelson.control.vm.rule.VmAllowedOperations;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.List;

/** What may be done to a VM, and with what it runs. */
public final class VmOperationsHandler implements VmOperations {
  private final Store store;
  private final MemoryBalancer balancer;

  public VmOperationsHandler(Store store, MemoryBalancer balancer) {
    this.store = store;
    this.balancer = balancer;
  }

  @Override
  public void assertOperationValid(Call call, Ref<Vm> self, io.keelson.api.model.VmOperations op) {
    VmRules.check(store.snapshot(), self, op);
  }

  @Override
  public void updateAllowedOperations(Call call, Ref<Vm> self) {
    store.snapshot().get(ApiModel.VM, self);
    store.overlay(state -> VmAllowedOperations.refresh(state, self));
  }

  @Override
  public List<String> getAllowedVbdDevices(Call call, Ref<Vm> vm) {
    return VbdDevices.free(store.snapshot(), vm);
  }

  @Override
  public List<String> getAllowedVifDevices(Call call, Ref<Vm> vm) {
    return VifRecords.free(store.snapshot(), vm);
  }

  /** What changed while it runs is in force too. */
  @Override
  public Vm getBootRecord(Call call, Ref<Vm> self) {
    Snapshot state = store.snapshot();
    VmRules.check(state, self, io.keelson.api.model.VmOperations.GET_BOOT_RECORD);
    Vm now = state.get(ApiModel.VM, self);
    if (now.lastBootedRecord().isEmpty()) {
      return now;
    }
    return BootRecord.read(now.lastBootedRecord())
        .with(b ->
            b.memoryDynamicMin(now.memoryDynamicMin())
                .memoryDynamicMax(now.memoryDynamicMax())
                .memoryTarget(now.memoryTarget())
                .vcpusParams(now.vcpusParams()));
  }

  /** Every guest here has a balloon; one that did not move when it should have is remembered. */
  @Override
  public boolean getCooperative(Call call, Ref<Vm> self) {
    return balancer.cooperates(store.snapshot().get(ApiModel.VM, self));
  }
}
