package io.keelson.control.storage;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.Vdi;
import io.keelson.control.Resources;
import io.keelson.store.Snapshot;

/** Moves disks to other repositories, for operations that have more to do than that. */
public final class DiskMoves {
  private final StorageParts parts;

  public DiskMoves(Resources resources) {
    this.parts = StorageParts.of(resources);
  }

  /**
   * Checks that the disk can be moved now.
   *
   * @throws io.keelson.api.ApiError as VDI.pool_migrate
   */
  public static void check(Snapshot state, Ref<Vdi> vdi, Ref<Sr> sr) {
    VdiRules.checkMove(state, vdi);
    SrRules.check(state, sr, StorageOperations.VDI_CREATE);
  }

  /**
   * Moves the disk, as VDI.pool_migrate does.
   *
   * @return what is in its place now
   */
  public Ref<Vdi> move(Call call, Ref<Vdi> vdi, Ref<Sr> sr) {
    var resources = parts.resources();
    MoveVdi steps =
        new MoveVdi(resources.store(), resources.drivers().compute(), parts.drivers(), vdi, sr);
    return parts.make(call, steps, MoveVdi.Done::moved);
  }
}
