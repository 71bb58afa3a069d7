package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Progress;
import io.keelson.host.VolumeBytes;
import io.keelson.image.SparseSource;
import io.keelson.image.qcow2.Qcow2Writer;
import io.keelson.image.raw.RawDisk;
import io.keelson.image.vhd.VhdWriter;
import io.keelson.store.Transaction;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/** Sends what a disk holds to a client. Others may read the disk meanwhile. */
record ExportVdi(StorageDrivers drivers, Ref<Vdi> vdi, VdiFormat format, RawVdis.Download download)
    implements Steps<ExportVdi.Plan, ExportVdi.Plan> {

  record Plan(SrAccess at, UUID volume) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VdiRules.check(tx, vdi, VdiOperations.COPY);
    claims.add(ApiModel.VDI, vdi, VdiFields.CURRENT_OPERATIONS, VdiOperations.COPY);
    Vdi record = tx.get(ApiModel.VDI, vdi);
    return new Plan(SrAccess.anywhere(tx, record.sr()), Volumes.id(record));
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    SrAccess at = plan.at();
    return drivers.with(
        at,
        driver -> {
          try (VolumeBytes bytes = driver.bytes(at.host(), at.sr(), plan.volume(), true)) {
            send(plan, Watched.source(new VolumeData(bytes), progress));
          } catch (IOException e) {
            throw ApiErrors.internalError(List.of(String.valueOf(e.getMessage())));
          }
          return plan;
        });
  }

  private void send(Plan plan, SparseSource disk) throws IOException {
    String name = plan.volume() + "." + format.text();
    switch (format) {
      case RAW -> {
        OutputStream out = download.begin(format.contentType(), name, OptionalLong.of(disk.size()));
        RawDisk.write(disk, out);
        out.flush();
      }
      case VHD -> {
        if (disk.size() > VhdWriter.MOST_BYTES) {
          throw ApiErrors.vdiTooLarge(
              Long.toString(disk.size()), Long.toString(VhdWriter.MOST_BYTES));
        }
        VhdWriter writer = VhdWriter.dynamic(disk, plan.volume(), Instant.now());
        OutputStream out =
            download.begin(format.contentType(), name, OptionalLong.of(writer.length()));
        writer.writeTo(out);
        out.flush();
      }
      case QCOW2 -> {
        Qcow2Writer writer = new Qcow2Writer(disk);
        OutputStream out =
            download.begin(format.contentType(), name, OptionalLong.of(writer.length()));
        writer.writeTo(out);
        out.flush();
      }
    }
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan done) {}
}
