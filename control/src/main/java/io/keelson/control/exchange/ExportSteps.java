package io.keelson.control.exchange;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.storage.ReadVdis;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.control.vm.tpm.TpmStates;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.image.Compressed;
import io.keelson.image.SparseSource;
import io.keelson.image.xva.OvaXml;
import io.keelson.image.xva.XvaWriter;
import io.keelson.store.Transaction;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes a VM with its disks as an archive.
 *
 * @param out where it goes; asked for when nothing can be refused any more
 */
record ExportSteps(
    ReadVdis disks,
    TpmStates tpms,
    InstantSource clock,
    Ref<Vm> vm,
    ExportOptions options,
    Compressed compression,
    Supplier<OutputStream> out)
    implements Steps<ExportSteps.Plan, Boolean> {

  /** What goes along: what there is, and the disks by their folders. */
  record Plan(Bundle bundle, Map<String, ReadVdis.Claimed> disks) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    Collected collected = Collected.of(tx, List.of(vm), options);
    for (Ref<Vm> each : collected.vms()) {
      VmRules.check(tx, each, VmOperations.EXPORT);
      checkPowerState(tx, each);
      claims.add(ApiModel.VM, each, VmFields.CURRENT_OPERATIONS, VmOperations.EXPORT);
    }
    Map<String, ReadVdis.Claimed> claimed = new LinkedHashMap<>();
    collected.disks().forEach((id, vdi) -> claimed.put(id, ReadVdis.claim(tx, claims, vdi)));
    return new Plan(collected.bundle(), claimed);
  }

  /** What a suspended VM has in memory stays where it is. */
  private void checkPowerState(Transaction tx, Ref<Vm> ref) {
    VmPowerState now = tx.get(ApiModel.VM, ref).powerState();
    if (options.powerState() && now == VmPowerState.SUSPENDED) {
      throw ApiErrors.vmBadPowerState(ref.text(), "halted", now.text().toLowerCase(Locale.ROOT));
    }
  }

  @Override
  public Boolean act(Plan plan, Progress progress) {
    try (OutputStream to = compression.compress(out.get())) {
      XvaWriter archive =
          new XvaWriter(to, clock, OvaXml.write(plan.bundle().withTpms(tpms::read)::write));
      int done = 0;
      for (Map.Entry<String, ReadVdis.Claimed> disk : plan.disks().entrySet()) {
        try (SparseSource source = disks.open(disk.getValue())) {
          archive.disk(disk.getKey(), source);
        }
        progress.report((double) ++done / plan.disks().size());
        if (progress.cancelled()) {
          throw new DriverException(Reason.CANCELLED, "the export was cancelled");
        }
      }
      archive.end();
      return true;
    } catch (IOException e) {
      throw ApiErrors.internalError(List.of("The export failed: " + e.getMessage()));
    }
  }

  @Override
  public void settle(Transaction tx, Plan plan, Boolean whole) {}
}
