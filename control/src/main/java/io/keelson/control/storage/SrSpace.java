package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.host.StorageSpace;
import io.keelson.store.Transaction;

/** Keeps what a repository's record says of its space right. */
final class SrSpace {
  /** Bytes of the largest disk that there can be: sums of many such are still numbers. */
  private static final long LARGEST = 1L << 56;

  private SrSpace() {}

  /**
   * The size that a disk is said to have.
   *
   * @throws io.keelson.api.ApiError INVALID_VALUE for one that no disk has
   */
  static long size(long bytes) {
    if (bytes < 0 || bytes > LARGEST) {
      throw ApiErrors.invalidValue("virtual_size", Long.toString(bytes));
    }
    return bytes;
  }

  /**
   * Writes the space after an operation.
   *
   * @param allocated by how many bytes the disks' sizes together have grown
   */
  static void changed(Transaction tx, Ref<Sr> ref, StorageSpace space, long allocated) {
    grown(tx, ref, allocated);
    tx.update(
        ApiModel.SR,
        ref,
        sr -> sr.with(b -> b.physicalSize(space.size()).physicalUtilisation(space.used())));
  }

  /**
   * The disks' sizes together have grown by so many bytes, which has to be told by the transaction
   * that changes them: others may change a size between two.
   */
  static void grown(Transaction tx, Ref<Sr> ref, long bytes) {
    tx.update(
        ApiModel.SR,
        ref,
        sr -> sr.with(b -> b.virtualAllocation(Math.max(0, sr.virtualAllocation() + bytes))));
  }

  /** Writes the space with the disks' sizes added up anew. */
  static void recount(Transaction tx, Ref<Sr> ref, StorageSpace space) {
    long allocated =
        tx.get(ApiModel.SR, ref).vdis().stream()
            .mapToLong(vdi -> tx.get(ApiModel.VDI, vdi).virtualSize())
            .sum();
    tx.update(
        ApiModel.SR,
        ref,
        sr ->
            sr.with(b ->
                b.physicalSize(space.size())
                    .physicalUtilisation(space.used())
                    .virtualAllocation(allocated)));
  }
}
