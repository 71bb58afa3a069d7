package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.Vdi;
import io.keelson.control.Resources;
import io.keelson.store.Snapshot;
import java.util.Optional;
import java.util.UUID;

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
   * A disk that was moved.
   *
   * @param before what it was
   * @param volume and the uuid that it had
   * @param from where it was
   * @param now what is in its place
   */
  public record Move(Ref<Vdi> before, UUID volume, Ref<Sr> from, Ref<Vdi> now) {}

  /** Moves the disk, as VDI.pool_migrate does. */
  public Move move(Call call, Ref<Vdi> ref, Ref<Sr> sr) {
    Vdi vdi = parts.resources().store().snapshot().get(ApiModel.VDI, ref);
    return new Move(ref, Volumes.id(vdi), vdi.sr(), run(call, ref, sr, Optional.empty()));
  }

  /** Moves a disk back: it becomes again what it was. */
  public void moveBack(Call call, Move move) {
    Ref<Vdi> _ =
        run(
            call,
            move.now(),
            move.from(),
            Optional.of(new MoveVdi.Identity(move.before(), move.volume())));
  }

  private Ref<Vdi> run(Call call, Ref<Vdi> vdi, Ref<Sr> sr, Optional<MoveVdi.Identity> identity) {
    var resources = parts.resources();
    MoveVdi steps =
        new MoveVdi(
            resources.store(), resources.drivers().compute(), parts.drivers(), vdi, sr, identity);
    return parts.make(call, steps, MoveVdi.Done::moved);
  }
}
