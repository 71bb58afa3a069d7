package io.keelson.control.database.dump;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Vm;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The machine that saved objects are to be restored on. */
public final class RestoreTarget {
  private RestoreTarget() {}

  /**
   * Compares interfaces: that for management is among the saved ones, and all saved ones exist.
   *
   * @throws ApiError RESTORE_TARGET_MGMT_IF_NOT_IN_BACKUP, RESTORE_TARGET_MISSING_DEVICE
   */
  public static void check(Snapshot state, Collection<Pif> interfaces) {
    Ref<Host> master = OnlyPool.row(state).record().master();
    List<Pif> saved = interfaces.stream().filter(Pif::physical).toList();
    state
        .rows(ApiModel.PIF)
        .map(Row::record)
        .filter(pif -> pif.host().equals(master) && pif.management())
        .findFirst()
        .filter(own -> saved.stream().noneMatch(pif -> pif.device().equals(own.device())))
        .ifPresent(_ -> {
          throw ApiErrors.restoreTargetMgmtIfNotInBackup();
        });
    for (Pif pif : saved) {
      boolean there =
          state
              .rows(ApiModel.PIF)
              .map(Row::record)
              .anyMatch(own -> own.physical() && own.device().equals(pif.device()));
      if (!there) {
        throw ApiErrors.restoreTargetMissingDevice(pif.device());
      }
    }
  }

  /**
   * The uuid of a VM that runs and is not among the saved ones: nobody would have it afterwards.
   *
   * @param isSaved whether a VM of a uuid is
   */
  public static Optional<String> lostVm(Snapshot state, Predicate<String> isSaved) {
    return state
        .rows(ApiModel.VM)
        .map(Row::record)
        .filter(vm -> !vm.residentOn().isNull() && !vm.isControlDomain())
        .map(Vm::uuid)
        .filter(isSaved.negate())
        .findFirst();
  }
}
