package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdFields;
import io.keelson.api.model.VbdOperations;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.pool.ha.HaGuard;
import io.keelson.host.Compute;
import io.keelson.host.DiskSource;
import io.keelson.host.Progress;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.Optional;

/**
 * Puts an image into a drive, or takes it out.
 *
 * @param vdi the image; null to take out what is there
 */
record ChangeMedia(VmDisks disks, Compute compute, Ref<Vbd> vbd, Ref<Vdi> vdi)
    implements Steps<ChangeMedia.Plan, ChangeMedia.Plan> {

  /**
   * What is to be done.
   *
   * @param vm whose hypervisor is told; empty when no domain has the drive now
   */
  record Plan(Optional<RunningVm> vm, int device, Optional<Drive.Content> content) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VbdOperations operation = vdi.isNull() ? VbdOperations.EJECT : VbdOperations.INSERT;
    VbdRules.check(tx, vbd, operation);
    if (!vdi.isNull()) {
      checkImage(tx);
      VbdRules.checkContent(tx, vbd, vdi);
    }
    Vbd record = tx.get(ApiModel.VBD, vbd);
    if (!vdi.isNull()) {
      HaGuard.rehearse(tx, record.vm(), it -> fill(it, vdi), it -> fill(it, record.vdi()));
    }
    claims.add(ApiModel.VBD, vbd, VbdFields.CURRENT_OPERATIONS, operation);
    Optional<RunningVm> vm =
        record.currentlyAttached() ? RunningVm.of(tx, record.vm()) : Optional.empty();
    return new Plan(
        vm,
        Integer.parseInt(record.userdevice()),
        vm.isPresent() && !vdi.isNull() ? Optional.of(content(tx, record)) : Optional.empty());
  }

  private void checkImage(Snapshot state) {
    Sr sr = state.get(ApiModel.SR, state.get(ApiModel.VDI, vdi).sr());
    if (!sr.contentType().equals("iso")) {
      throw ApiErrors.vdiIsNotIso(vdi.text(), sr.contentType());
    }
  }

  private Drive.Content content(Snapshot state, Vbd record) {
    Vm vm = state.get(ApiModel.VM, record.vm());
    Ref<Sr> sr = state.get(ApiModel.VDI, vdi).sr();
    SrAccess at =
        SrAccess.from(state, sr, vm.residentOn())
            .orElseThrow(() -> ApiErrors.vmRequiresSr(record.vm().text(), sr.text()));
    return VmDisks.content(state, vdi, at);
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    plan.vm()
        .ifPresent(vm -> {
          Optional<DiskSource> media = plan.content().map(content -> disks.source(content, true));
          compute.changeMedia(vm.host(), vm.vm(), plan.device(), media);
        });
    return plan;
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan done) {
    fill(tx, vdi);
  }

  private void fill(Transaction tx, Ref<Vdi> content) {
    tx.update(ApiModel.VBD, vbd, v -> v.with(b -> b.vdi(content).empty(content.isNull())));
  }
}
