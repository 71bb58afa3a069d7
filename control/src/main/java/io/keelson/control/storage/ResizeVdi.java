package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiOperations;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Compute;
import io.keelson.host.Progress;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.store.Transaction;
import java.util.Optional;
import java.util.UUID;

/** Grows a disk; while a VM runs with it, through the VM's hypervisor. */
record ResizeVdi(StorageDrivers drivers, Compute compute, Ref<Vdi> vdi, long size, Mode mode)
    implements Steps<ResizeVdi.Plan, ResizeVdi.Done> {

  /** Whether the disk may be in use. */
  enum Mode {
    OFFLINE(VdiOperations.RESIZE),
    ONLINE(VdiOperations.RESIZE_ONLINE);

    private final VdiOperations operation;

    Mode(VdiOperations operation) {
      this.operation = operation;
    }
  }

  /** What is to be done. */
  record Plan(SrAccess at, UUID volume, long before, Optional<User> user) {}

  /** The running VM that has the disk, and in which drive. */
  record User(UUID host, UUID vm, int device) {}

  record Done(Volume volume, StorageSpace space) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VdiRules.check(tx, vdi, mode.operation);
    Vdi record = tx.get(ApiModel.VDI, vdi);
    SrRules.check(tx, record.sr(), StorageOperations.VDI_RESIZE);
    CreateVdi.checkSize(size);
    if (size < record.virtualSize()) {
      throw ApiErrors.vdiTooSmall(vdi.text(), Long.toString(record.virtualSize()));
    }
    claims.add(ApiModel.VDI, vdi, VdiFields.CURRENT_OPERATIONS, mode.operation);
    claims.add(ApiModel.SR, record.sr(), SrFields.CURRENT_OPERATIONS, StorageOperations.VDI_RESIZE);
    Optional<Vbd> drive =
        record.vbds().stream()
            .map(ref -> tx.get(ApiModel.VBD, ref))
            .filter(Vbd::currentlyAttached)
            .findFirst();
    Optional<Vm> vm = drive.map(vbd -> tx.get(ApiModel.VM, vbd.vm()));
    vm.ifPresent(v -> checkPower(drive.orElseThrow().vm(), v));
    SrAccess at =
        vm.flatMap(v -> SrAccess.from(tx, record.sr(), v.residentOn()))
            .orElseGet(() -> SrAccess.anywhere(tx, record.sr()));
    return new Plan(
        at,
        Volumes.id(record),
        record.virtualSize(),
        vm.map(v ->
            new User(
                at.host(),
                UUID.fromString(v.uuid()),
                Integer.parseInt(drive.orElseThrow().userdevice()))));
  }

  private static void checkPower(Ref<Vm> ref, Vm vm) {
    if (vm.powerState() != VmPowerState.RUNNING && vm.powerState() != VmPowerState.PAUSED) {
      throw VbdRules.badPower(ref, "running, paused", vm);
    }
  }

  @Override
  public Done act(Plan plan, Progress progress) {
    SrAccess at = plan.at();
    plan.user().ifPresent(u -> compute.resizeDisk(u.host(), u.vm(), u.device(), rounded()));
    Volume volume =
        drivers.with(
            at,
            size - plan.before(),
            driver ->
                plan.user().isPresent()
                    ? driver.describe(at.host(), at.sr(), plan.volume())
                    : driver.resize(at.host(), at.sr(), plan.volume(), size));
    return new Done(volume, drivers.space(at));
  }

  /** What a repository rounds sizes up to. */
  private long rounded() {
    long mib = 1L << 20;
    return (size + mib - 1) / mib * mib;
  }

  @Override
  public void settle(Transaction tx, Plan plan, Done done) {
    long before = tx.get(ApiModel.VDI, vdi).virtualSize();
    tx.update(ApiModel.VDI, vdi, record -> Volumes.described(record, done.volume()));
    SrSpace.changed(tx, plan.at().ref(), done.space(), done.volume().virtualSize() - before);
  }
}
