package io.keelson.control.gpu;

import static io.keelson.control.rules.Refusals.raise;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VgpuMessages;
import io.keelson.api.model.GpuGroup;
import io.keelson.api.model.Vgpu;
import io.keelson.api.model.VgpuType;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.rules.Refusals;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** VGPU.create and VGPU.destroy: only while the VM does not run. */
record VgpuHandler(Store store) implements VgpuMessages {
  /** More would leave no room for disks and cards. */
  private static final String DEVICES = "[0-7]";

  /**
   * A VM has several virtual GPUs only where each is a whole one.
   *
   * @param type all of a physical GPU when null, as older clients mean it
   * @throws io.keelson.api.ApiError INVALID_DEVICE, VM_BAD_POWER_STATE, DEVICE_ALREADY_EXISTS,
   *     VGPU_TYPE_NOT_COMPATIBLE, OPERATION_NOT_ALLOWED for a control domain,
   *     OTHER_OPERATION_IN_PROGRESS
   */
  @Override
  public Ref<Vgpu> create(
      Call call,
      Ref<Vm> vm,
      Ref<GpuGroup> gpuGroup,
      String device,
      Map<String, String> otherConfig,
      Ref<VgpuType> type) {
    return store.transact(tx -> {
      Vm owner = tx.get(ApiModel.VM, vm);
      GpuGroup _ = tx.get(ApiModel.GPU_GROUP, gpuGroup);
      if (!device.matches(DEVICES)) {
        throw ApiErrors.invalidDevice(device);
      }
      if (owner.isControlDomain()) {
        throw ApiErrors.operationNotAllowed("The control domain has no virtual GPU");
      }
      checkHalted(vm, owner);
      Ref<VgpuType> kind = type.isNull() ? VgpuTypes.passthrough(tx) : type;
      VgpuType _ = tx.get(ApiModel.VGPU_TYPE, kind);
      checkBeside(tx, VgpuRecords.of(tx, owner), device, kind);
      return VgpuRecords.create(
          tx,
          Vgpu.builder()
              .build()
              .with(b ->
                  b.vm(vm).gpuGroup(gpuGroup).device(device).otherConfig(otherConfig).type(kind)));
    });
  }

  private static void checkBeside(
      Snapshot state, List<Vgpu> others, String device, Ref<VgpuType> type) {
    if (others.stream().anyMatch(vgpu -> vgpu.device().equals(device))) {
      throw ApiErrors.deviceAlreadyExists(device);
    }
    boolean whole = Occupancy.isWhole(state, type);
    boolean allWhole = others.stream().allMatch(vgpu -> Occupancy.isWhole(state, vgpu.type()));
    if (!others.isEmpty() && !(whole && allWhole)) {
      throw ApiErrors.vgpuTypeNotCompatible(type.text());
    }
  }

  private static void checkHalted(Ref<Vm> ref, Vm vm) {
    raise(Refusals.busy(ApiModel.VM.name(), ref, vm.currentOperations(), VmOperations::text));
    if (vm.powerState() != VmPowerState.HALTED) {
      throw ApiErrors.vmBadPowerState(
          ref.text(), "halted", vm.powerState().text().toLowerCase(Locale.ROOT));
    }
  }

  /**
   * @throws io.keelson.api.ApiError OPERATION_NOT_ALLOWED while its VM is using it,
   *     OTHER_OPERATION_IN_PROGRESS
   */
  @Override
  public void destroy(Call call, Ref<Vgpu> self) {
    store.change(tx -> destroy(tx, self));
  }

  private static void destroy(Transaction tx, Ref<Vgpu> self) {
    Vgpu vgpu = tx.get(ApiModel.VGPU, self);
    Vm vm = tx.get(ApiModel.VM, vgpu.vm());
    raise(Refusals.busy(ApiModel.VM.name(), vgpu.vm(), vm.currentOperations(), VmOperations::text));
    if (!vgpu.residentOn().isNull()) {
      throw ApiErrors.operationNotAllowed("vGPU currently attached to a running VM");
    }
    tx.delete(ApiModel.VGPU, self);
  }
}
