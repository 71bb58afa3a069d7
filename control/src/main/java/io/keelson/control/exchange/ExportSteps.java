package io.keelson.control.exchange;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiOperations;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.storage.ReadVdis;
import io.keelson.control.vm.power.SuspendImages;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.control.vm.tpm.TpmStates;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.image.Compressed;
import io.keelson.image.SparseSource;
import io.keelson.image.raw.FileDisk;
import io.keelson.image.xva.OvaXml;
import io.keelson.image.xva.XvaWriter;
import io.keelson.store.Transaction;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Writes a VM with its disks as an archive.
 *
 * @param out where it goes; asked for when nothing can be refused any more
 */
record ExportSteps(
    ReadVdis disks,
    SuspendImages images,
    TpmStates tpms,
    InstantSource clock,
    Ref<Vm> vm,
    ExportOptions options,
    Compressed compression,
    Supplier<OutputStream> out)
    implements Steps<ExportSteps.Plan, Boolean> {

  /** What goes along: what there is, and the disks and memory images by their folders. */
  record Plan(
      Bundle bundle,
      Map<String, ReadVdis.Claimed> disks,
      Map<String, SuspendImages.Image> memory) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    Collected collected = Collected.of(tx, List.of(vm), options);
    for (Ref<Vm> each : collected.vms()) {
      VmRules.check(tx, each, VmOperations.EXPORT);
      checkMemory(tx, each);
      claims.add(ApiModel.VM, each, VmFields.CURRENT_OPERATIONS, VmOperations.EXPORT);
    }
    Map<String, ReadVdis.Claimed> claimed = new LinkedHashMap<>();
    collected.disks().forEach((id, vdi) -> claimed.put(id, ReadVdis.claim(tx, claims, vdi)));
    Map<String, SuspendImages.Image> memory = new LinkedHashMap<>();
    collected
        .memory()
        .forEach((id, vdi) -> {
          claims.add(ApiModel.VDI, vdi, VdiFields.CURRENT_OPERATIONS, VdiOperations.COPY);
          memory.put(id, SuspendImages.Image.anywhere(tx, vdi));
        });
    return new Plan(collected.bundle(), claimed, memory);
  }

  /** A VM stays suspended only with what it has in memory. */
  private void checkMemory(Transaction tx, Ref<Vm> ref) {
    Vm vm = tx.get(ApiModel.VM, ref);
    if (options.powerState()
        && vm.powerState() == VmPowerState.SUSPENDED
        && tx.find(ApiModel.VDI, vm.suspendVdi()).isEmpty()) {
      throw ApiErrors.vdiMissing(Ref.none().text(), vm.suspendVdi().text());
    }
  }

  @Override
  public Boolean act(Plan plan, Progress progress) {
    Bundle bundle = plan.bundle().withTpms(tpms::read).withSizes(lengths(plan));
    try (OutputStream to = compression.compress(out.get())) {
      XvaWriter archive = new XvaWriter(to, clock, OvaXml.write(bundle::write));
      int done = 0;
      Map<String, Supplier<SparseSource>> sources = sources(plan);
      for (Map.Entry<String, Supplier<SparseSource>> folder : sources.entrySet()) {
        try (SparseSource source = folder.getValue().get()) {
          archive.disk(folder.getKey(), source);
        }
        progress.report((double) ++done / sources.size());
        if (progress.cancelled()) {
          throw new DriverException(Reason.CANCELLED, "the export was cancelled");
        }
      }
      archive.end();
      return true;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** A disk for memory has room for all that there might be; what goes along is what there is. */
  private Map<String, Long> lengths(Plan plan) {
    Map<String, Long> lengths = new LinkedHashMap<>();
    for (Map.Entry<String, SuspendImages.Image> image : plan.memory().entrySet()) {
      try (FileDisk source = images.read(image.getValue())) {
        lengths.put(image.getKey(), source.size());
      } catch (IOException e) {
        throw failed(e);
      }
    }
    return lengths;
  }

  /** All bytes that go along, in the order of their folders. */
  private Map<String, Supplier<SparseSource>> sources(Plan plan) {
    Map<String, Supplier<SparseSource>> sources = new TreeMap<>();
    plan.disks().forEach((id, disk) -> sources.put(id, () -> disks.open(disk)));
    plan.memory().forEach((id, image) -> sources.put(id, () -> images.read(image)));
    return sources;
  }

  private static ApiError failed(IOException e) {
    return ApiErrors.internalError(List.of("The export failed: " + e.getMessage()));
  }

  @Override
  public void settle(Transaction tx, Plan plan, Boolean whole) {}
}
