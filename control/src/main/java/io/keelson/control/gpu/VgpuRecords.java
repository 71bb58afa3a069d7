package io.keelson.control.gpu;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vgpu;
import io.keelson.api.model.Vm;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.UUID;

/** The records of virtual GPUs. */
public final class VgpuRecords {
  private VgpuRecords() {}

  /** Those of a VM. */
  public static List<Vgpu> of(Snapshot state, Vm vm) {
    return vm.vgpus().stream().map(vgpu -> state.get(ApiModel.VGPU, vgpu)).toList();
  }

  /** Gives a VM that does not run one like it; nothing when its group or kind has gone. */
  public static void give(Transaction tx, Ref<Vm> vm, Vgpu like) {
    boolean there =
        tx.find(ApiModel.GPU_GROUP, like.gpuGroup()).isPresent()
            && tx.find(ApiModel.VGPU_TYPE, like.type()).isPresent();
    if (there) {
      Ref<Vgpu> _ =
          create(tx, like.with(b -> b.vm(vm).currentlyAttached(false).residentOn(Ref.none())));
    }
  }

  static Ref<Vgpu> create(Transaction tx, Vgpu wanted) {
    return tx.create(ApiModel.VGPU, wanted.with(b -> b.uuid(UUID.randomUUID().toString())));
  }

  /** Removes all that a VM has. */
  public static void deleteAll(Transaction tx, Vm vm) {
    vm.vgpus().forEach(vgpu -> tx.delete(ApiModel.VGPU, vgpu));
  }
}
