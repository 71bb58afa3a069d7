package io.keelson.control.gpu;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PgpuMessages;
import io.keelson.api.model.GpuGroup;
import io.keelson.api.model.Pgpu;
import io.keelson.api.model.PgpuDom0Access;
import io.keelson.api.model.VgpuType;
import io.keelson.control.rules.HostId;
import io.keelson.host.Devices;
import io.keelson.host.DriverException;
import io.keelson.host.PciDevice;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** What may run on a physical GPU, in which group it is, and whether its host may use it. */
record PgpuHandler(Store store, Devices devices) implements PgpuMessages {

  @Override
  public void addEnabledVgpuTypes(Call call, Ref<Pgpu> self, Ref<VgpuType> value) {
    store.change(tx -> {
      Set<Ref<VgpuType>> types = new HashSet<>(tx.get(ApiModel.PGPU, self).enabledVgpuTypes());
      types.add(value);
      enable(tx, self, types);
    });
  }

  /** One that is not enabled stays so. */
  @Override
  public void removeEnabledVgpuTypes(Call call, Ref<Pgpu> self, Ref<VgpuType> value) {
    store.change(tx -> {
      Set<Ref<VgpuType>> types = new HashSet<>(tx.get(ApiModel.PGPU, self).enabledVgpuTypes());
      VgpuType _ = tx.get(ApiModel.VGPU_TYPE, value);
      types.remove(value);
      enable(tx, self, types);
    });
  }

  @Override
  public void setEnabledVgpuTypes(Call call, Ref<Pgpu> self, Set<Ref<VgpuType>> value) {
    store.change(tx -> enable(tx, self, value));
  }

  /**
   * @throws io.keelson.api.ApiError VGPU_TYPE_NOT_SUPPORTED, PGPU_IN_USE_BY_VM for a kind that VMs
   *     are using
   */
  private static void enable(Transaction tx, Ref<Pgpu> self, Set<Ref<VgpuType>> types) {
    Pgpu gpu = tx.get(ApiModel.PGPU, self);
    for (Ref<VgpuType> type : types) {
      VgpuType _ = tx.get(ApiModel.VGPU_TYPE, type);
      if (!gpu.supportedVgpuTypes().contains(type)) {
        throw ApiErrors.vgpuTypeNotSupported(
            Stream.concat(
                    Stream.of(type.text()),
                    gpu.supportedVgpuTypes().stream().map(Ref::text).sorted())
                .toList());
      }
    }
    List<String> users =
        gpu.residentVgpus().stream()
            .map(vgpu -> tx.get(ApiModel.VGPU, vgpu))
            .filter(vgpu -> !types.contains(vgpu.type()))
            .map(vgpu -> vgpu.vm().text())
            .sorted()
            .toList();
    if (!users.isEmpty()) {
      throw ApiErrors.pgpuInUseByVm(users);
    }
    tx.update(ApiModel.PGPU, self, g -> g.with(b -> b.enabledVgpuTypes(Set.copyOf(types))));
    refresh(tx, gpu.gpuGroup());
  }

  private static void refresh(Transaction tx, Ref<GpuGroup> group) {
    if (tx.find(ApiModel.GPU_GROUP, group).isPresent()) {
      GpuGroups.refresh(tx, group);
    }
  }

  /**
   * An empty group that never had a member is for the kind of its first.
   *
   * @throws io.keelson.api.ApiError PGPU_IN_USE_BY_VM, PGPU_NOT_COMPATIBLE_WITH_GPU_GROUP,
   *     HOST_OFFLINE where nobody can say what the processor is
   */
  @Override
  public void setGpuGroup(Call call, Ref<Pgpu> self, Ref<GpuGroup> value) {
    Snapshot before = store.snapshot();
    GpuGroup _ = before.get(ApiModel.GPU_GROUP, value);
    String type = type(before, before.get(ApiModel.PGPU, self));
    store.change(tx -> {
      Pgpu gpu = tx.get(ApiModel.PGPU, self);
      List<String> users = HeldDevices.users(tx, gpu);
      if (!users.isEmpty()) {
        throw ApiErrors.pgpuInUseByVm(users);
      }
      List<String> types = tx.get(ApiModel.GPU_GROUP, value).gpuTypes();
      if (!types.isEmpty() && !types.contains(type)) {
        throw ApiErrors.pgpuNotCompatibleWithGpuGroup(type, "[" + String.join(", ", types) + "]");
      }
      tx.update(ApiModel.PGPU, self, g -> g.with(b -> b.gpuGroup(value)));
      if (types.isEmpty()) {
        tx.update(ApiModel.GPU_GROUP, value, g -> g.with(b -> b.gpuTypes(List.of(type))));
      }
      Stream.of(gpu.gpuGroup(), value).forEach(group -> refresh(tx, group));
    });
  }

  private String type(Snapshot state, Pgpu gpu) {
    String address = state.get(ApiModel.PCI, gpu.pci()).pciId();
    return scan(state, gpu).stream()
        .filter(device -> device.address().equals(address))
        .findFirst()
        .map(GpuGroups::type)
        .orElseThrow(() ->
            ApiErrors.operationNotAllowed("the host has no device at " + address + " any more"));
  }

  private List<PciDevice> scan(Snapshot state, Pgpu gpu) {
    try {
      return devices.scan(host(state, gpu));
    } catch (DriverException silent) {
      throw ApiErrors.hostOffline(gpu.host().text());
    }
  }

  private static UUID host(Snapshot state, Pgpu gpu) {
    return HostId.of(state, gpu.host());
  }

  @Override
  public long getRemainingCapacity(Call call, Ref<Pgpu> self, Ref<VgpuType> vgpuType) {
    Snapshot state = store.snapshot();
    Pgpu _ = state.get(ApiModel.PGPU, self);
    VgpuType _ = state.get(ApiModel.VGPU_TYPE, vgpuType);
    return Occupancy.of(state).remaining(self, vgpuType);
  }

  @Override
  public PgpuDom0Access enableDom0Access(Call call, Ref<Pgpu> self) {
    return store
        .transact(tx ->
            tx.update(
                ApiModel.PGPU,
                self,
                g -> g.with(b -> b.dom0Access(BootStates.enabling(g.dom0Access())))))
        .dom0Access();
  }

  /**
   * The host's drivers lose the processor when the host boots.
   *
   * @throws io.keelson.api.ApiError OPERATION_NOT_ALLOWED where this server cannot see to that
   */
  @Override
  public PgpuDom0Access disableDom0Access(Call call, Ref<Pgpu> self) {
    Snapshot before = store.snapshot();
    Pgpu gpu = before.get(ApiModel.PGPU, self);
    String address = before.get(ApiModel.PCI, gpu.pci()).pciId();
    try {
      devices.requireWithholding(host(before, gpu), address);
    } catch (DriverException e) {
      throw ApiErrors.operationNotAllowed(String.valueOf(e.getMessage()));
    }
    return store
        .transact(tx ->
            tx.update(
                ApiModel.PGPU,
                self,
                g -> g.with(b -> b.dom0Access(BootStates.disabling(g.dom0Access())))))
        .dom0Access();
  }
}
