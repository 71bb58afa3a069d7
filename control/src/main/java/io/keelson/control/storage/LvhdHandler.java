package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.LvhdMessages;
import io.keelson.api.model.Sr;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;

/** What is only for repositories on logical volumes. */
record LvhdHandler(Store store) implements LvhdMessages {

  /**
   * Repositories whose disks take up what is written to them are so from the start, and logical
   * volumes take up all of their size: there is no repository that could become one.
   *
   * @throws io.keelson.api.ApiError SR_NO_PBDS when the pool's coordinator is not connected;
   *     INVALID_VALUE for sizes that are none; SR_OPERATION_NOT_SUPPORTED
   */
  @Override
  public void enableThinProvisioning(
      Call call, Ref<Sr> sr, long initialAllocation, long allocationQuantum) {
    Snapshot state = store.snapshot();
    state.get(ApiModel.SR, sr);
    size("initial_allocation", initialAllocation, 0);
    size("allocation_quantum", allocationQuantum, 1);
    if (!SrAccess.hosts(state, sr).contains(OnlyPool.master(state))) {
      throw ApiErrors.srNoPbds(sr.text());
    }
    throw ApiErrors.srOperationNotSupported(sr.text());
  }

  private static void size(String parameter, long bytes, long least) {
    if (bytes < least) {
      throw ApiErrors.invalidValue(parameter, Long.toString(bytes));
    }
  }
}
