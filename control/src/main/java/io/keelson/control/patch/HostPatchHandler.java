package io.keelson.control.patch;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostPatchMessages;
import io.keelson.api.messages.PoolPatchMessages;
import io.keelson.api.model.HostPatch;
import io.keelson.store.Store;

/** A patch on one host, for clients of the first versions. */
record HostPatchHandler(Store store, PoolPatchMessages patches) implements HostPatchMessages {

  /**
   * @throws ApiError PATCH_ALREADY_APPLIED, and as pool_patch.apply
   */
  @Override
  public String apply(Call call, Ref<HostPatch> self) {
    HostPatch patch = store.snapshot().get(ApiModel.HOST_PATCH, self);
    return patches.apply(call, patch.poolPatch(), patch.host());
  }

  /** What the patch has changed stays; that it is in force is no longer known. */
  @Override
  public void destroy(Call call, Ref<HostPatch> self) {
    HostPatch patch = store.snapshot().get(ApiModel.HOST_PATCH, self);
    patches.clean(call, patch.poolPatch());
    store.change(tx -> {
      tx.delete(ApiModel.HOST_PATCH, self);
      tx.update(ApiModel.POOL_PATCH, patch.poolPatch(), p -> p.with(b -> b.poolApplied(false)));
    });
  }
}
