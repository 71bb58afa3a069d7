package io.keelson.control.exchange;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.GpuGroup;
import io.keelson.api.model.Vgpu;
import io.keelson.api.model.VgpuType;
import io.keelson.api.model.Vm;
import io.keelson.control.gpu.GpuGroups;
import io.keelson.control.gpu.VgpuRecords;
import io.keelson.control.gpu.VgpuTypes;
import io.keelson.store.Transaction;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The virtual GPUs of VMs in an archive. The pool's group with the same uuid, or else for the same
 * processors, takes the place of theirs; where there is none they get one without members, and
 * where their kind is not known it is from now on: the VM starts once there is hardware for it.
 */
final class ArrivedGpus {
  private ArrivedGpus() {}

  /**
   * @param named what the archive's VMs are called here
   */
  static void write(Transaction tx, Arrivals arrivals, UnaryOperator<String> named) {
    Map<String, GpuGroup> groups = arrivals.bundle().of(ApiModel.GPU_GROUP);
    Map<String, VgpuType> types = arrivals.bundle().of(ApiModel.VGPU_TYPE);
    for (Vgpu vgpu : arrivals.vgpus().values()) {
      Ref<Vm> vm = Ref.of(named.apply(vgpu.vm().text()));
      GpuGroup group = groups.getOrDefault(vgpu.gpuGroup().text(), GpuGroup.builder().build());
      VgpuType type = types.get(vgpu.type().text());
      Ref<GpuGroup> groupHere = GpuGroups.like(tx, group);
      // An archive of before there were kinds means all of a processor.
      Ref<VgpuType> typeHere = type == null ? VgpuTypes.passthrough(tx) : VgpuTypes.like(tx, type);
      VgpuRecords.give(tx, vm, vgpu.with(b -> b.gpuGroup(groupHere).type(typeHere)));
    }
  }
}
