package io.keelson.control.vm.snapshot;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmGuestMetrics;
import io.keelson.api.model.VmMetrics;
import io.keelson.control.vm.memory.MemoryCost;
import io.keelson.control.vm.power.BootRecord;
import io.keelson.control.vm.provision.VmRecords;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a VM's record becomes as a snapshot's, and what a snapshot's record makes of its VM's. */
final class SnapshotRecords {
  /** How the disks are: as after a power cut. */
  private static final String CRASH_CONSISTENT = "crash_consistent";

  /** How they are when the guest has brought them to rest. */
  private static final String QUIESCED = "quiesced";

  private SnapshotRecords() {}

  /** What a snapshot is called, of which time it is, and whether its guest held still then. */
  record Label(String name, Instant time, boolean quiesced) {}

  /**
   * Adds the record of a snapshot, which is the newest in the VM's history from then on.
   *
   * @param source the VM at the time of the snapshot
   */
  static void create(Transaction tx, Ref<Vm> ref, Ref<Vm> vm, Vm source, Label label) {
    Ref<Vm> parent = tx.get(ApiModel.VM, vm).parent();
    Vm snapshot =
        source.with(b ->
            b.nameLabel(label.name())
                .isATemplate(true)
                .isASnapshot(true)
                .isSnapshotFromVmpp(false)
                .snapshotOf(vm)
                .snapshotTime(label.time())
                .snapshotInfo(
                    Map.of(
                        "power-state-at-snapshot",
                        source.powerState().text(),
                        "disk-snapshot-type",
                        label.quiesced() ? QUIESCED : CRASH_CONSISTENT))
                .snapshotMetadata(BootRecord.text(source))
                .transportableSnapshotId("")
                .parent(parent)
                .appliance(Ref.none())
                .protectionPolicy(Ref.none())
                .blobs(Map.of()));
    VmMetrics figures =
        tx.find(ApiModel.VM_METRICS, source.metrics()).orElseGet(VmMetrics.builder()::build);
    VmRecords.add(tx, ref, existing(tx, snapshot), figures.with(b -> b.state(List.of())));
    tx.find(ApiModel.VM_GUEST_METRICS, source.guestMetrics())
        .ifPresent(guest -> guestMetrics(tx, ref, guest));
    tx.update(ApiModel.VM, vm, v -> v.with(b -> b.parent(ref)));
  }

  private static void guestMetrics(Transaction tx, Ref<Vm> ref, VmGuestMetrics guest) {
    Ref<VmGuestMetrics> copy =
        tx.create(
            ApiModel.VM_GUEST_METRICS,
            guest.with(b -> b.uuid(UUID.randomUUID().toString()).live(false)));
    tx.update(ApiModel.VM, ref, v -> v.with(b -> b.guestMetrics(copy)));
  }

  /**
   * Puts the settings of a halted VM back to what they were at the snapshot. What it is to others
   * stays: its identity, its appliance, its policy, its place in the pool.
   */
  static void restore(Transaction tx, Ref<Vm> vm, Ref<Vm> ref) {
    Vm snapshot = tx.get(ApiModel.VM, ref);
    Vm then = recorded(snapshot, tx.get(ApiModel.VM, vm));
    tx.update(
        ApiModel.VM,
        vm,
        now -> {
          Vm back = then.with(b -> keep(b, now).parent(ref));
          return existing(tx, back)
              .with(b ->
                  b.lastBootedRecord(snapshot.lastBootedRecord())
                      .generationId(VmRecords.generation(then.generationId()))
                      .memoryOverhead(MemoryCost.overheadBytes(then)));
        });
  }

  /** A snapshot from elsewhere may have no record that can be read, but it is one itself. */
  private static Vm recorded(Vm snapshot, Vm now) {
    try {
      return BootRecord.read(snapshot.snapshotMetadata());
    } catch (IllegalArgumentException _) {
      return snapshot.with(b -> b.nameLabel(now.nameLabel()));
    }
  }

  private static Vm.Builder keep(Vm.Builder b, Vm now) {
    Vm blank = VmFields.API_CLASS.blank();
    return b.uuid(now.uuid())
        .allowedOperations(now.allowedOperations())
        .currentOperations(now.currentOperations())
        .powerState(now.powerState())
        .domid(now.domid())
        .residentOn(now.residentOn())
        .scheduledToBeResidentOn(now.scheduledToBeResidentOn())
        .suspendVdi(now.suspendVdi())
        .memoryTarget(0)
        .metrics(now.metrics())
        .guestMetrics(now.guestMetrics())
        .appliance(now.appliance())
        .protectionPolicy(now.protectionPolicy())
        .biosStrings(now.biosStrings())
        .blobs(now.blobs())
        .attachedPcis(now.attachedPcis())
        .children(now.children())
        .consoles(now.consoles())
        .crashDumps(now.crashDumps())
        .snapshots(now.snapshots())
        .vbds(now.vbds())
        .vifs(now.vifs())
        .vgpus(now.vgpus())
        .vtpms(now.vtpms())
        .isATemplate(now.isATemplate())
        .isASnapshot(false)
        .isSnapshotFromVmpp(false)
        .isControlDomain(false)
        .snapshotOf(Ref.none())
        .snapshotTime(blank.snapshotTime())
        .snapshotInfo(Map.of())
        .snapshotMetadata("")
        .transportableSnapshotId("");
  }

  /** The record without references to what has gone since. */
  private static Vm existing(Snapshot state, Vm vm) {
    return vm.with(b -> {
      if (state.find(ApiModel.HOST, vm.affinity()).isEmpty()) {
        b.affinity(Ref.none());
      }
      if (state.find(ApiModel.SR, vm.suspendSr()).isEmpty()) {
        b.suspendSr(Ref.none());
      }
    });
  }
}
