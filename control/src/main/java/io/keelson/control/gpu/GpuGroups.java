package io.keelson.control.gpu;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.GpuGroup;
import io.keelson.api.model.Pgpu;
import io.keelson.api.model.VgpuType;
import io.keelson.host.PciDevice;
import io.keelson.store.Row;
import io.keelson.store.Transaction;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The records of groups of graphics processors. */
public final class GpuGroups {
  private GpuGroups() {}

  /** How a group's GPU_types names what a processor is. */
  static String type(PciDevice device) {
    return device.vendor() + "/" + device.device();
  }

  /** The oldest group for such processors, or a new one. */
  static Ref<GpuGroup> forDevice(Transaction tx, PciDevice device) {
    return tx.rows(ApiModel.GPU_GROUP)
        .filter(group -> group.record().gpuTypes().contains(type(device)))
        .min((a, b) -> Long.compare(a.created(), b.created()))
        .map(Row::ref)
        .orElseGet(() ->
            create(
                tx,
                GpuGroup.builder()
                    .nameLabel(
                        "Group of " + device.vendorName() + " " + device.deviceName() + " GPUs")
                    .gpuTypes(List.of(type(device)))));
  }

  /** The group that one from elsewhere corresponds to, or a new one like it. */
  public static Ref<GpuGroup> like(Transaction tx, GpuGroup other) {
    return tx.table(ApiModel.GPU_GROUP)
        .byUuid(other.uuid())
        .or(() ->
            tx.rows(ApiModel.GPU_GROUP)
                .filter(
                    row -> Set.copyOf(row.record().gpuTypes()).equals(Set.copyOf(other.gpuTypes())))
                .min((a, b) -> Long.compare(a.created(), b.created()))
                .map(Row::ref))
        .orElseGet(() ->
            create(
                tx,
                GpuGroup.builder()
                    .nameLabel(other.nameLabel())
                    .nameDescription(other.nameDescription())
                    .otherConfig(other.otherConfig())
                    .allocationAlgorithm(other.allocationAlgorithm())
                    .gpuTypes(other.gpuTypes())));
  }

  static Ref<GpuGroup> create(Transaction tx, GpuGroup.Builder wanted) {
    return tx.create(ApiModel.GPU_GROUP, wanted.uuid(UUID.randomUUID().toString()).build());
  }

  /** Brings what a group says of its members' kinds of virtual GPUs up to date. */
  static void refresh(Transaction tx, Ref<GpuGroup> ref) {
    GpuGroup group = tx.get(ApiModel.GPU_GROUP, ref);
    Set<Ref<VgpuType>> supported = new HashSet<>();
    Set<Ref<VgpuType>> enabled = new HashSet<>();
    for (Ref<Pgpu> each : group.pgpus()) {
      Pgpu gpu = tx.get(ApiModel.PGPU, each);
      supported.addAll(gpu.supportedVgpuTypes());
      enabled.addAll(gpu.enabledVgpuTypes());
    }
    boolean same =
        group.supportedVgpuTypes().equals(supported) && group.enabledVgpuTypes().equals(enabled);
    if (!same) {
      tx.update(
          ApiModel.GPU_GROUP,
          ref,
          g ->
              g.with(b ->
                  b.supportedVgpuTypes(Set.copyOf(supported))
                      .enabledVgpuTypes(Set.copyOf(enabled))));
    }
  }

  /** {@link #refresh}, of all groups. */
  public static void refreshAll(Transaction tx) {
    List<Ref<GpuGroup>> groups = tx.rows(ApiModel.GPU_GROUP).<Ref<GpuGroup>>map(Row::ref).toList();
    groups.forEach(group -> refresh(tx, group));
  }
}
