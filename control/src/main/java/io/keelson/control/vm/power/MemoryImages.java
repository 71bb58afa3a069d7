package io.keelson.control.vm.power;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiOperations;
import io.keelson.api.model.Vm;
import io.keelson.control.operation.Claims;
import io.keelson.control.rules.HostId;
import io.keelson.host.Progress;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Memory images that become another VM's: of checkpoints, and copies of those. Each is claimed,
 * made, and written down or taken back, as disks are; a restart finds what was left half made.
 */
public final class MemoryImages {
  private final SuspendImages images;

  public MemoryImages(SuspendImages images) {
    this.images = images;
  }

  /**
   * An image to be made.
   *
   * @param made the disk object, already there
   * @param original the image that it is a copy of; empty for one that a hypervisor writes
   */
  public record Plan(
      Ref<Vdi> made, SuspendImages.Image image, Optional<SuspendImages.Image> original) {}

  /**
   * Claims an image for the memory of a VM that runs on a host.
   *
   * @throws io.keelson.api.ApiError VM_NO_SUSPEND_SR, VM_REQUIRES_SR
   */
  public static Plan claim(Transaction tx, Claims claims, Ref<Vm> ref, Ref<Host> host) {
    Ref<Sr> sr = SuspendImages.repository(tx, ref, host);
    SuspendImages.checkHost(tx, ref, sr, host);
    Ref<Vdi> made = add(tx, claims, ref, sr);
    UUID hostId = HostId.of(tx, host);
    return new Plan(made, SuspendImages.Image.of(tx, made, hostId), Optional.empty());
  }

  /**
   * Claims a copy of a suspended VM's image; empty when the VM has none.
   *
   * @param ref the VM whose settings name the copy, and whose claim tells of it after a crash
   * @param source the VM that has the image
   * @param target where the copy goes; empty leaves it beside the original
   * @throws io.keelson.api.ApiError SR_NO_PBDS when nothing reaches the image
   */
  public static Optional<Plan> claimCopy(
      Transaction tx, Claims claims, Ref<Vm> ref, Vm source, Optional<Ref<Sr>> target) {
    Optional<Vdi> original = tx.find(ApiModel.VDI, source.suspendVdi());
    if (original.isEmpty()) {
      return Optional.empty();
    }
    claims.add(ApiModel.VDI, source.suspendVdi(), VdiFields.CURRENT_OPERATIONS, VdiOperations.COPY);
    Ref<Vdi> made = add(tx, claims, ref, target.orElse(original.get().sr()));
    return Optional.of(
        new Plan(
            made,
            SuspendImages.Image.anywhere(tx, made),
            Optional.of(SuspendImages.Image.anywhere(tx, source.suspendVdi()))));
  }

  private static Ref<Vdi> add(Transaction tx, Claims claims, Ref<Vm> ref, Ref<Sr> sr) {
    Vm vm = tx.get(ApiModel.VM, ref);
    Ref<Vdi> made = SuspendImages.add(tx, vm, sr, id(claims.task().text(), vm));
    claims.add(ApiModel.VDI, made, VdiFields.CURRENT_OPERATIONS, VdiOperations.BLOCKED);
    return made;
  }

  /** Makes room for the image; the answer is its file. */
  public Path create(Plan plan) {
    return images.create(plan.image());
  }

  /** Makes the image as a copy of its original. */
  public void copy(Plan plan, Progress progress) {
    images.copy(plan.original().orElseThrow(), images.create(plan.image()), progress);
  }

  /** That there is no room for the image. */
  public ApiError full(Plan plan) {
    return images.full(plan.image());
  }

  /** Takes back what was made of the image; the disk object is the transaction's. */
  public void drop(Snapshot state, Plan plan) {
    images.discard(state, plan.made());
  }

  /** Removes the disk object again. */
  public static void forget(Transaction tx, Plan plan) {
    if (tx.find(ApiModel.VDI, plan.made()).isPresent()) {
      tx.delete(ApiModel.VDI, plan.made());
    }
  }

  /** Removes what an operation of an earlier run of the server left. */
  static void recover(PowerParts parts, Ref<Vm> ref, String task) {
    Snapshot state = parts.store().snapshot();
    state
        .find(ApiModel.VM, ref)
        .flatMap(vm -> state.table(ApiModel.VDI).byUuid(id(task, vm).toString()))
        .ifPresent(left -> {
          parts.images().discard(state, left);
          parts.store().change(tx -> tx.delete(ApiModel.VDI, left));
        });
  }

  /** Follows from the task, so that a restart finds the image in the VM's current_operations. */
  private static UUID id(String task, Vm vm) {
    String name = task + "/memory/" + vm.uuid();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }
}
