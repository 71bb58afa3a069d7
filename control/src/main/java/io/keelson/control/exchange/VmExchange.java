package io.keelson.control.exchange;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.Type;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.control.Resources;
import io.keelson.control.exchange.ImportOptions.InPool;
import io.keelson.control.rules.Named;
import io.keelson.control.session.RecordKeys;
import io.keelson.control.storage.FilledVdis;
import io.keelson.control.storage.ReadVdis;
import io.keelson.control.storage.StorageDrivers;
import io.keelson.control.vm.power.SuspendImages;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.control.vm.tpm.TpmStates;
import io.keelson.image.Compressed;
import io.keelson.image.xva.OvaXml;
import io.keelson.image.xva.XvaReader;
import io.keelson.image.xva.XvaWriter;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Exports and imports VMs, as streams, in memory that does not grow with their disks. */
public final class VmExchange {
  private static final Type<Set<Ref<Vm>>> VM_REFS = new Type.SetOf<>(new Type.Reference<Vm>("VM"));

  private final Resources resources;
  private final ReadVdis reading;
  private final FilledVdis filling;
  private final SuspendImages images;
  private final TpmStates tpms;
  private final RecordKeys keys;

  /**
   * @param keys whether callers may bring in what archives hold
   */
  public VmExchange(Resources resources, RecordKeys keys) {
    StorageDrivers drivers = new StorageDrivers(resources.drivers().storages());
    this.resources = resources;
    this.keys = keys;
    this.reading = new ReadVdis(drivers);
    this.filling = new FilledVdis(drivers);
    this.images = new SuspendImages(resources.drivers());
    this.tpms = new TpmStates(resources);
  }

  /**
   * Writes a VM with its disks as an archive.
   *
   * @param out where it goes; asked for when nothing can be refused any more
   * @throws io.keelson.api.ApiError HANDLE_INVALID, VM_BAD_POWER_STATE and more
   */
  public void export(
      Call call,
      Ref<Vm> vm,
      ExportOptions options,
      Compressed compression,
      Supplier<OutputStream> out) {
    Boolean _ =
        resources
            .operations()
            .run(
                call,
                new ExportSteps(
                    reading, images, tpms, resources.clock(), vm, options, compression, out));
  }

  /**
   * @param name its reference or uuid
   * @throws io.keelson.api.ApiError HANDLE_INVALID, UUID_INVALID
   */
  public Ref<Vm> vm(String name) {
    return Named.find(resources.store().snapshot(), ApiModel.VM, name);
  }

  /**
   * @param name its reference or uuid
   * @throws io.keelson.api.ApiError HANDLE_INVALID, UUID_INVALID
   */
  public Ref<Sr> repository(String name) {
    return Named.find(resources.store().snapshot(), ApiModel.SR, name);
  }

  /**
   * An archive that says what VMs are, without their disks. Of a control domain that is no more
   * than its record, so that the rules for what is done to VMs say nothing of it.
   */
  public byte[] exportMetadata(List<Ref<Vm>> vms, ExportOptions options) {
    Snapshot state = resources.store().snapshot();
    vms.stream()
        .filter(vm -> !state.get(ApiModel.VM, vm).isControlDomain())
        .forEach(vm -> VmRules.check(state, vm, VmOperations.METADATA_EXPORT));
    return metadata(state, vms, options);
  }

  private byte[] metadata(Snapshot state, List<Ref<Vm>> vms, ExportOptions options) {
    Bundle bundle = Collected.of(state, vms, options).bundle().withTpms(tpms::read);
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try {
      new XvaWriter(archive, resources.clock(), OvaXml.write(bundle::write)).end();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing is written anywhere
    }
    return archive.toByteArray();
  }

  /**
   * Brings in VMs from the database of another pool, all of them or none; their disks are here
   * already, by their uuids.
   *
   * @param force whether they take the place of what may be newer versions of themselves
   * @return the VMs as they are here
   * @throws io.keelson.api.ApiError VM_TO_IMPORT_IS_NOT_NEWER_VERSION,
   *     IMPORT_ERROR_ATTACHED_DISKS_NOT_FOUND, and why a rule forbids it
   */
  public Set<Ref<Vm>> recover(Call call, Snapshot from, List<Ref<Vm>> vms, boolean force) {
    byte[] archive = metadata(from, vms, new ExportOptions(true, false));
    ImportOptions options = new ImportOptions(new InPool(Map.of()), true, force, false);
    Set<Ref<Vm>> made = take(call, new ByteArrayInputStream(archive), options);
    resources
        .store()
        .change(tx ->
            made.forEach(
                vm -> tx.update(ApiModel.VM, vm, v -> v.with(b -> b.version(v.version() + 1)))));
    return made;
  }

  /** All VMs and templates of the pool, which take their snapshots along. */
  public List<Ref<Vm>> all(boolean controlDomains) {
    return resources
        .store()
        .snapshot()
        .rows(ApiModel.VM)
        .filter(row -> !row.record().isASnapshot() && !VmRules.isDefaultTemplate(row.record()))
        .filter(row -> controlDomains || !row.record().isControlDomain())
        .<Ref<Vm>>map(Row::ref)
        .toList();
  }

  /**
   * Reads an archive and makes what it holds, all of it or nothing.
   *
   * @return the new VMs, without their snapshots
   * @throws io.keelson.api.ApiError IMPORT_ERROR and its kin, and why a rule forbids it
   */
  public Set<Ref<Vm>> take(Call call, InputStream in, ImportOptions options) {
    ImportSteps steps = read(in, options);
    steps.arrivals().vms().values().forEach(vm -> keys.require(call, ApiModel.VM, vm));
    steps.arrivals().disks().values().forEach(vdi -> keys.require(call, ApiModel.VDI, vdi));
    resources.store().rehearse(steps::rehearse);
    if (options.dryRun()) {
      return Set.of();
    }
    Set<UUID> before = TpmStates.all(resources.store());
    Set<Ref<Vm>> made = resources.operations().run(call, VM_REFS, steps, ImportSteps.Outcome::vms);
    tpms.forget(before); // those of VMs whose place others have taken
    return made;
  }

  private ImportSteps read(InputStream in, ImportOptions options) {
    try {
      XvaReader archive = new XvaReader(Compressed.decompress(in), !options.force());
      Bundle bundle = Bundle.read(OvaXml.read(archive.ovaXml()));
      Arrivals arrivals = Arrivals.of(bundle);
      return new ImportSteps(
          new ArrivingData(filling, images, tpms, archive, arrivals, options.force()),
          arrivals,
          options,
          resources.clock().instant().truncatedTo(ChronoUnit.SECONDS));
    } catch (IOException e) {
      throw ArchiveErrors.of(e);
    }
  }
}
