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
 */
public record ImportOptions(Disks disks, boolean restore, boolean force, boolean dryRun) {

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
