package io.keelson.control.exchange;

import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import java.util.Map;
import java.util.Optional;

/**
 * How an archive is imported.
 *
 * @param restore whether VMs keep their uuids and addresses, taking the place of those that are
 *     here
 * @param force whether what is damaged or missing is passed over
 * @param dryRun whether only the rules are checked
 * @param checkProcessor whether VMs have to be able to run here as they ran before, unless forced
 */
public record ImportOptions(
    Disks disks, boolean restore, boolean force, boolean dryRun, boolean checkProcessor) {

  /** Whatever processors VMs ran on before. */
  public ImportOptions(Disks disks, boolean restore, boolean force, boolean dryRun) {
    this(disks, restore, force, dryRun, false);
  }

  /** Where the disks are. */
  public sealed interface Disks {}

  /**
   * In the archive.
   *
   * @param sr where they go; the pool's default if none is named
   */
  public record InArchive(Optional<Ref<Sr>> sr) implements Disks {}

  /**
   * In the pool already.
   *
   * @param instead uuids of disks by the uuids that the archive knows them by
   */
  public record InPool(Map<String, String> instead) implements Disks {
    public InPool {
      instead = Map.copyOf(instead);
    }
  }
}
