package io.keelson.control.crashdump;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.HostCrashdump;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.rules.HostId;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.UUID;

/**
 * Does something with a dump on its host.
 *
 * @param removes whether the dump is gone afterwards
 */
record CrashDumpSteps(Ref<HostCrashdump> ref, boolean removes, Work work)
    implements Steps<CrashDumpSteps.Place, Boolean> {

  /** Where a dump is. */
  record Place(UUID host, String name) {}

  /** What is done. */
  @FunctionalInterface
  interface Work {
    void on(Place dump, Progress progress);
  }

  @Override
  public Place claim(Transaction tx, Claims claims) {
    HostCrashdump dump = tx.get(ApiModel.HOST_CRASHDUMP, ref);
    UUID host = HostId.of(tx, dump.host());
    return new Place(host, dump.filename());
  }

  @Override
  public Boolean act(Place dump, Progress progress) {
    work.on(dump, progress);
    return true;
  }

  @Override
  public void settle(Transaction tx, Place dump, Boolean done) {
    if (removes) {
      tx.delete(ApiModel.HOST_CRASHDUMP, ref);
    }
  }
}
