package io.keelson.control.patch;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PoolPatchMessages;
import io.keelson.api.model.Host;
import io.keelson.api.model.PoolPatch;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.PartCall;
import io.keelson.control.operation.Steps;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.store.Row;
import io.keelson.store.Transaction;
import java.util.List;

/** Puts a patch in force on each host that lacks it; the first that fails ends it. */
record PoolApplySteps(PoolPatchMessages single, Call call, Ref<PoolPatch> patch)
    implements Steps<List<Ref<Host>>, Boolean> {

  @Override
  public List<Ref<Host>> claim(Transaction tx, Claims claims) {
    tx.get(ApiModel.POOL_PATCH, patch);
    return tx.rows(ApiModel.HOST)
        .<Ref<Host>>map(Row::ref)
        .filter(host -> !PatchRules.isApplied(tx, patch, host))
        .toList();
  }

  @Override
  public Boolean act(List<Ref<Host>> hosts, Progress progress) {
    int done = 0;
    for (Ref<Host> host : hosts) {
      if (progress.cancelled()) {
        throw new DriverException(Reason.CANCELLED, "the other hosts stay as they are");
      }
      Progress part = progress.part(done++, hosts.size());
      String _ = single.apply(new PartCall(call, PoolPatchMessages.Specs.APPLY, part), patch, host);
    }
    return true;
  }

  @Override
  public void settle(Transaction tx, List<Ref<Host>> hosts, Boolean done) {
    tx.update(ApiModel.POOL_PATCH, patch, p -> p.with(b -> b.poolApplied(true)));
  }
}
