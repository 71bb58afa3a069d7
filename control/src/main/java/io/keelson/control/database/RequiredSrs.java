package io.keelson.control.database;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Sr;
import io.keelson.api.model.VbdType;
import io.keelson.api.model.Vm;
import io.keelson.store.Snapshot;
import java.util.Set;
import java.util.stream.Collectors;

/** The repositories without which a VM of another pool cannot be recovered. */
final class RequiredSrs {
  private RequiredSrs() {}

  /** Those with the VM's disks; those of its snapshots are not among them. */
  static Set<Ref<Sr>> of(Snapshot foreign, Vm vm) {
    return vm.vbds().stream()
        .map(vbd -> foreign.get(ApiModel.VBD, vbd))
        .filter(vbd -> vbd.type() != VbdType.CD)
        .flatMap(vbd -> foreign.find(ApiModel.VDI, vbd.vdi()).stream())
        .map(vdi -> vdi.sr())
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * @throws io.keelson.api.ApiError VM_REQUIRES_SR for one that this pool has not attached
   */
  static void check(Snapshot foreign, Ref<Vm> ref, Snapshot here) {
    for (Ref<Sr> sr : of(foreign, foreign.get(ApiModel.VM, ref))) {
      if (!isAttached(here, foreign.get(ApiModel.SR, sr).uuid())) {
        throw ApiErrors.vmRequiresSr(ref.text(), sr.text());
      }
    }
  }

  private static boolean isAttached(Snapshot here, String uuid) {
    return here.table(ApiModel.SR).byUuid(uuid).stream()
        .flatMap(sr -> here.get(ApiModel.SR, sr).pbds().stream())
        .map(pbd -> here.get(ApiModel.PBD, pbd))
        .anyMatch(Pbd::currentlyAttached);
  }
}
