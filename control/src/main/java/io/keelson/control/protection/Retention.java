package io.keelson.control.protection;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.messages.VdiProvisioning;
import io.keelson.api.messages.VmProvisioning;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdType;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.control.vm.power.OwnCall;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets go of a VM's oldest snapshots that policies took, with their disks. */
record Retention(Store store, VmProvisioning vms, VdiProvisioning disks) {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  /** The VM's snapshots that policies took, newest first. */
  static List<Ref<Vm>> snapshots(Snapshot state, Ref<Vm> vm) {
    return state.get(ApiModel.VM, vm).snapshots().stream()
        .filter(s -> state.get(ApiModel.VM, s).isSnapshotFromVmpp())
        .sorted(
            Comparator.<Ref<Vm>, Instant>comparing(s -> state.get(ApiModel.VM, s).snapshotTime())
                .thenComparingLong(s -> made(state, s))
                .reversed())
        .toList();
  }

  private static long made(Snapshot state, Ref<Vm> snapshot) {
    return state.table(ApiModel.VM).row(snapshot).map(Row::created).orElse(0L);
  }

  /** One that cannot go now, for it is being copied, goes the next time. */
  void keep(Ref<Vm> vm, long newest) {
    snapshots(store.snapshot(), vm).stream()
        .skip(newest)
        .forEach(snapshot -> {
          try {
            destroy(snapshot);
          } catch (ApiError refused) {
            LOG.warn("snapshot {} stays for now: {}", snapshot, refused.getMessage());
          }
        });
  }

  private void destroy(Ref<Vm> snapshot) {
    Snapshot before = store.snapshot();
    List<Ref<Vdi>> its =
        before.get(ApiModel.VM, snapshot).vbds().stream()
            .map(vbd -> before.get(ApiModel.VBD, vbd))
            .filter(vbd -> vbd.type() == VbdType.DISK)
            .map(Vbd::vdi)
            .filter(vdi -> before.find(ApiModel.VDI, vdi).isPresent())
            .toList();
    vms.destroy(new OwnCall(VmProvisioning.Specs.DESTROY, Ref.fresh()), snapshot);
    for (Ref<Vdi> vdi : its) {
      if (store.snapshot().find(ApiModel.VDI, vdi).filter(v -> v.vbds().isEmpty()).isPresent()) {
        disks.destroy(new OwnCall(VdiProvisioning.Specs.DESTROY, Ref.fresh()), vdi);
      }
    }
  }
}
