package io.keelson.control.patch;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.Types;
import io.keelson.api.messages.PoolPatchMessages;
import io.keelson.api.model.Host;
import io.keelson.api.model.PoolPatch;
import io.keelson.control.Resources;
import io.keelson.control.operation.Failures;
import io.keelson.control.rules.HostId;
import io.keelson.store.Snapshot;
import java.io.IOException;
import java.util.UUID;

/** Putting patches in force, and letting go of them. */
record PoolPatchHandler(Resources resources, PatchFiles files, PatchRuns runs)
    implements PoolPatchMessages {

  /**
   * @throws ApiError PATCH_ALREADY_APPLIED, CANNOT_FIND_PATCH, INVALID_PATCH,
   *     PATCH_PRECHECK_FAILED_*, PATCH_APPLY_FAILED, OTHER_OPERATION_IN_PROGRESS, OUT_OF_SPACE
   */
  @Override
  public String apply(Call call, Ref<PoolPatch> self, Ref<Host> host) {
    return run(call, self, host, false);
  }

  /**
   * @throws ApiError as {@link #apply}
   */
  @Override
  public String precheck(Call call, Ref<PoolPatch> self, Ref<Host> host) {
    return run(call, self, host, true);
  }

  /** Hosts on which it is in force are passed over. */
  @Override
  public void poolApply(Call call, Ref<PoolPatch> self) {
    resources.operations().run(call, new PoolApplySteps(this, call, self));
  }

  @Override
  public void clean(Call call, Ref<PoolPatch> self) {
    forget(uuid(self));
  }

  /** All hosts have their patches from where this server keeps them. */
  @Override
  public void cleanOnHost(Call call, Ref<PoolPatch> self, Ref<Host> host) {
    resources.store().snapshot().get(ApiModel.HOST, host);
    forget(uuid(self));
  }

  @Override
  public void poolClean(Call call, Ref<PoolPatch> self) {
    forget(uuid(self));
  }

  /**
   * @throws ApiError PATCH_IS_APPLIED, OTHER_OPERATION_IN_PROGRESS
   */
  @Override
  public void destroy(Call call, Ref<PoolPatch> self) {
    String uuid =
        resources
            .store()
            .transact(tx -> {
              PoolPatch patch = tx.get(ApiModel.POOL_PATCH, self);
              if (!patch.hostPatches().isEmpty()) {
                throw ApiErrors.patchIsApplied();
              }
              if (runs.isWatched(patch.uuid())) {
                throw PatchRuns.busy(self);
              }
              tx.delete(ApiModel.POOL_PATCH, self);
              return patch.uuid();
            });
    forget(uuid);
  }

  private String run(Call call, Ref<PoolPatch> self, Ref<Host> host, boolean looksOnly) {
    Snapshot state = resources.store().snapshot();
    UUID hostId = HostId.of(state, host);
    try (PatchRuns.Watched run = runs.watch(hostId, uuid(self), self)) {
      ApplySteps steps = new ApplySteps(run, resources.clock(), self, host, looksOnly);
      return resources.operations().run(call, Types.STRING, steps);
    }
  }

  private String uuid(Ref<PoolPatch> patch) {
    return resources.store().snapshot().get(ApiModel.POOL_PATCH, patch).uuid();
  }

  private void forget(String uuid) {
    try {
      files.forget(uuid);
    } catch (IOException e) {
      throw Failures.ofFiles(files.folder(), e);
    }
  }
}
