package io.keelson.control.database;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vm;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;

/** Repositories that a disaster recovery session has brought in. */
final class IntroducedSrs {
  private IntroducedSrs() {}

  /** Those that recovered VMs live on are here to stay, whatever becomes of the session. */
  static void keep(Transaction tx, Iterable<Ref<Vm>> recovered) {
    for (Ref<Vm> vm : recovered) {
      RequiredSrs.of(tx, tx.get(ApiModel.VM, vm)).forEach(sr -> keep(tx, sr));
    }
  }

  static void keep(Transaction tx, Ref<Sr> sr) {
    if (!tx.get(ApiModel.SR, sr).introducedBy().isNull()) {
      tx.update(ApiModel.SR, sr, s -> s.with(b -> b.introducedBy(Ref.none())));
    }
  }

  /** Whether a VM has a drive with a disk of the repository. */
  static boolean isUsed(Snapshot state, Ref<Sr> sr) {
    return state.get(ApiModel.SR, sr).vdis().stream()
        .anyMatch(vdi -> !state.get(ApiModel.VDI, vdi).vbds().isEmpty());
  }
}
