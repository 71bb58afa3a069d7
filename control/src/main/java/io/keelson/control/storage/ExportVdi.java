package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vdi;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Progress;
import io.keelson.image.Difference;
import io.keelson.image.SparseSource;
import io.keelson.store.Transaction;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Sends what a disk holds to a client, or what of it differs from a base. Others may read both
 * meanwhile.
 */
record ExportVdi(StorageDrivers drivers, Ref<Vdi> vdi, Optional<Ref<Vdi>> base, SentVdi.Reply reply)
    implements Steps<ExportVdi.Plan, ExportVdi.Plan> {

  record Plan(ReadVdis.Claimed disk, Optional<ReadVdis.Claimed> base) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    reply.check(tx.get(ApiModel.VDI, vdi).virtualSize());
    base.ifPresent(b -> checkBase(tx, b));
    ReadVdis.Claimed disk = ReadVdis.claim(tx, claims, vdi);
    return new Plan(disk, base.map(b -> b.equals(vdi) ? disk : ReadVdis.claim(tx, claims, b)));
  }

  private void checkBase(Transaction tx, Ref<Vdi> ref) {
    if (!reply.format().holdsDifferences()) {
      throw refused(ref, "Format " + reply.format().text() + " cannot hold differences");
    }
    Vdi disk = tx.get(ApiModel.VDI, vdi);
    Vdi from = tx.get(ApiModel.VDI, ref);
    if (!from.sr().equals(disk.sr())) {
      throw refused(ref, "It is in another SR than the disk");
    }
    if (from.virtualSize() > disk.virtualSize()) {
      throw refused(ref, "It is larger than the disk");
    }
  }

  private static RuntimeException refused(Ref<Vdi> ref, String why) {
    return ApiErrors.valueNotSupported("base", ref.text(), why);
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    ReadVdis disks = new ReadVdis(drivers);
    SentVdi sent = new SentVdi(plan.disk().volume(), reply);
    try {
      if (plan.base().isPresent()) {
        sendDifference(disks, plan.disk(), plan.base().get(), sent, progress);
      } else {
        try (SparseSource disk = disks.open(plan.disk())) {
          sent.send(Watched.source(disk, progress), Optional.empty());
        }
      }
    } catch (IOException e) {
      throw ApiErrors.internalError(List.of(String.valueOf(e.getMessage())));
    }
    return plan;
  }

  private static void sendDifference(
      ReadVdis disks, ReadVdis.Claimed disk, ReadVdis.Claimed base, SentVdi sent, Progress progress)
      throws IOException {
    try (SparseSource after = disks.openBeside(disk, base);
        SparseSource before = disks.openBeside(base, disk)) {
      Difference difference = Difference.of(Watched.source(after, progress.part(0, 2)), before);
      sent.send(Watched.source(difference, progress.part(1, 2)), Optional.of(base.volume()));
    }
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan done) {}
}
