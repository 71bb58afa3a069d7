package io.keelson.store;

import java.nio.file.Path;

/**
 * Where a store is and how it behaves.
 *
 * @param folder of its files; made when absent
 * @param derivation keeps the fields right that follow from others
 * @param snapshotEvery after how many journal entries a snapshot is written
 * @param removalsKept how many removed objects are remembered for watchers that come back late
 */
public record StoreConfig(
    Path folder, Derivation derivation, long snapshotEvery, int removalsKept) {

  /** With limits that suit a host of thousands of VMs. */
  public StoreConfig(Path folder, Derivation derivation) {
    this(folder, derivation, 8_000, 100_000);
  }
}
