package io.keelson.control.gpu;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.GpuGroupMessages;
import io.keelson.api.model.GpuGroup;
import io.keelson.api.model.VgpuType;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.List;
import java.util.Map;

/** GPU_group.create, destroy and get_remaining_capacity. */
record GpuGroupHandler(Store store) implements GpuGroupMessages {

  /** The first processor that joins decides for which kind the group is. */
  @Override
  public Ref<GpuGroup> create(
      Call call, String nameLabel, String nameDescription, Map<String, String> otherConfig) {
    return store.transact(tx ->
        GpuGroups.create(
            tx,
            GpuGroup.builder()
                .nameLabel(nameLabel)
                .nameDescription(nameDescription)
                .otherConfig(otherConfig)));
  }

  /**
   * Removes the group, and with it virtual GPUs of VMs that do not run.
   *
   * @throws io.keelson.api.ApiError GPU_GROUP_CONTAINS_VGPU with those that are in use,
   *     GPU_GROUP_CONTAINS_PGPU
   */
  @Override
  public void destroy(Call call, Ref<GpuGroup> self) {
    store.change(tx -> {
      GpuGroup group = tx.get(ApiModel.GPU_GROUP, self);
      List<String> used =
          group.vgpus().stream()
              .filter(vgpu -> !tx.get(ApiModel.VGPU, vgpu).residentOn().isNull())
              .map(Ref::text)
              .sorted()
              .toList();
      if (!used.isEmpty()) {
        throw ApiErrors.gpuGroupContainsVgpu(used);
      }
      if (!group.pgpus().isEmpty()) {
        throw ApiErrors.gpuGroupContainsPgpu(
            group.pgpus().stream().map(Ref::text).sorted().toList());
      }
      group.vgpus().forEach(vgpu -> tx.delete(ApiModel.VGPU, vgpu));
      tx.delete(ApiModel.GPU_GROUP, self);
    });
  }

  @Override
  public long getRemainingCapacity(Call call, Ref<GpuGroup> self, Ref<VgpuType> vgpuType) {
    Snapshot state = store.snapshot();
    GpuGroup group = state.get(ApiModel.GPU_GROUP, self);
    VgpuType _ = state.get(ApiModel.VGPU_TYPE, vgpuType);
    Occupancy now = Occupancy.of(state);
    return group.pgpus().stream().mapToLong(gpu -> now.remaining(gpu, vgpuType)).sum();
  }
}
