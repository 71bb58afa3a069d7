package io.keelson.control.vm.provision;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.VbdType;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.storage.CreateVdi;
import io.keelson.control.storage.SrRules;
import io.keelson.control.storage.StorageDrivers;
import io.keelson.control.storage.VbdRecords;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.host.Progress;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the disks that a template asks for, after which it is a VM. */
record ProvisionSteps(StorageDrivers drivers, Ref<Vm> ref)
    implements Steps<ProvisionSteps.Plan, DiskWork.Made> {

  /** The disks to be made. */
  record Plan(List<WantedDisks.Disk> wanted, DiskWork work) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VmRules.check(tx, ref, VmOperations.PROVISION);
    Vm vm = tx.get(ApiModel.VM, ref);
    String description = vm.otherConfig().getOrDefault(WantedDisks.KEY, "");
    List<WantedDisks.Disk> wanted =
        description.isEmpty() ? List.of() : WantedDisks.read(description);
    claims.add(ApiModel.VM, ref, VmFields.CURRENT_OPERATIONS, VmOperations.PROVISION);
    DiskWork work = new DiskWork();
    for (WantedDisks.Disk disk : wanted) {
      work.add(tx, claims, new CreateVdi(drivers, record(vm, disk, repository(tx, disk))));
    }
    return new Plan(wanted, work);
  }

  private static Vdi record(Vm vm, WantedDisks.Disk disk, Ref<Sr> sr) {
    return ApiModel.VDI
        .blank()
        .with(b ->
            b.nameLabel(vm.nameLabel() + " " + disk.device())
                .nameDescription("Created by template provisioner")
                .sr(sr)
                .virtualSize(disk.size())
                .type(disk.type()));
  }

  private static Ref<Sr> repository(Snapshot state, WantedDisks.Disk disk) {
    if (!disk.sr().isEmpty()) {
      return state
          .table(ApiModel.SR)
          .byUuid(disk.sr())
          .orElseThrow(() -> ApiErrors.uuidInvalid(ApiModel.SR.name(), disk.sr()));
    }
    return SrRules.usual(state);
  }

  @Override
  public DiskWork.Made act(Plan plan, Progress progress) {
    return plan.work().make(progress);
  }

  @Override
  public void settle(Transaction tx, Plan plan, DiskWork.Made made) {
    List<Ref<Vdi>> disks = made.settle(tx);
    for (int i = 0; i < disks.size(); i++) {
      drive(tx, plan.wanted().get(i), disks.get(i));
    }
    Map<String, String> config = new LinkedHashMap<>(tx.get(ApiModel.VM, ref).otherConfig());
    config.remove(WantedDisks.KEY);
    tx.update(
        ApiModel.VM, ref, v -> v.with(b -> b.isATemplate(false).otherConfig(Map.copyOf(config))));
  }

  /** The VM owns these disks: who removes the VM for good knows by it what goes too. */
  private void drive(Transaction tx, WantedDisks.Disk wanted, Ref<Vdi> vdi) {
    VbdRecords.create(
        tx,
        Vbd.builder()
            .build()
            .with(b ->
                b.vm(ref)
                    .vdi(vdi)
                    .userdevice(wanted.device())
                    .bootable(wanted.bootable())
                    .mode(VbdMode.RW)
                    .type(VbdType.DISK)
                    .unpluggable(true)
                    .otherConfig(Map.of("owner", ""))));
  }
}
