package io.keelson.control.patch;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.PoolPatch;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.time.Clock;

/**
 * Puts a patch in force on a host, or only looks whether that could be. It is not ended by
 * cancelling its task: a patch is not left half applied.
 *
 * @param looksOnly whether it ends before anything is changed
 */
record ApplySteps(
    PatchRuns.Watched run, Clock clock, Ref<PoolPatch> patch, Ref<Host> host, boolean looksOnly)
    implements Steps<Boolean, String> {

  /**
   * @throws io.keelson.api.ApiError PATCH_ALREADY_APPLIED
   */
  @Override
  public Boolean claim(Transaction tx, Claims claims) {
    tx.get(ApiModel.HOST, host);
    if (PatchRules.isApplied(tx, patch, host)) {
      throw ApiErrors.patchAlreadyApplied(patch.text());
    }
    return true;
  }

  @Override
  public String act(Boolean plan, Progress progress) {
    String said = run.precheck(patch, host);
    return looksOnly ? said : run.apply();
  }

  @Override
  public void settle(Transaction tx, Boolean plan, String said) {
    if (!looksOnly) {
      PatchRuns.applied(tx, patch, host, clock.instant());
    }
  }
}
