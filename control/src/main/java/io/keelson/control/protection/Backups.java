package io.keelson.control.protection;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.ErrorCode;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmCheckpoints;
import io.keelson.api.messages.VmSnapshots;
import io.keelson.api.messages.VmppSettings;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.api.model.Vmpp;
import io.keelson.api.model.VmppArchiveFrequency;
import io.keelson.api.model.VmppBackupType;
import io.keelson.control.operation.Failures;
import io.keelson.control.operation.PartCall;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the snapshots of a policy's VMs. One that fails keeps no other from its turn. */
final class Backups {
  private static final Logger LOG = LoggerFactory.getLogger(Backups.class);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Store store;
  private final Clock clock;
  private final VmSnapshots snapshots;
  private final VmCheckpoints checkpoints;
  private final Retention retention;
  private final Archives archives;
  private final PolicyAlerts alerts;

  Backups(
      Store store,
      Clock clock,
      VmSnapshots snapshots,
      VmCheckpoints checkpoints,
      Retention retention,
      Archives archives,
      PolicyAlerts alerts) {
    this.store = store;
    this.clock = clock;
    this.snapshots = snapshots;
    this.checkpoints = checkpoints;
    this.retention = retention;
    this.archives = archives;
    this.alerts = alerts;
  }

  /**
   * Snapshots all of the policy's VMs now, lets go of the oldest snapshots beyond those kept, and
   * archives the new ones where the policy says so.
   *
   * @return what the policy's recent_alerts has of it
   * @throws ApiError HANDLE_INVALID, OPERATION_NOT_ALLOWED while this goes on already,
   *     OPERATION_PARTIALLY_FAILED with the VMs that failed, TASK_CANCELLED
   */
  String run(Call call, Ref<Vmpp> policy) {
    Vmpp begun = begin(policy);
    List<String> failed = new ArrayList<>();
    String told;
    try {
      told = all(call, policy, begun, failed);
    } finally {
      store.change(tx -> set(tx, policy, false));
    }
    if (begun.archiveFrequency() == VmppArchiveFrequency.ALWAYS_AFTER_BACKUP) {
      archives.run(call, policy);
    }
    if (!failed.isEmpty()) {
      failed.addFirst(VmppSettings.Specs.PROTECT_NOW.wireName());
      throw ApiErrors.operationPartiallyFailed(failed);
    }
    return told;
  }

  private Vmpp begin(Ref<Vmpp> policy) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    try {
      return store.transact(tx -> {
        if (tx.get(ApiModel.VMPP, policy).isBackupRunning()) {
          throw ApiErrors.operationNotAllowed(PolicyAlert.VMPP_SNAPSHOT_LOCK_FAILED.text());
        }
        set(tx, policy, true);
        return tx.update(ApiModel.VMPP, policy, p -> p.with(b -> b.backupLastRunTime(now)));
      });
    } catch (ApiError refused) {
      if (refused.code() == ErrorCode.OPERATION_NOT_ALLOWED) {
        alerts.raise(policy, PolicyAlert.VMPP_SNAPSHOT_LOCK_FAILED, "");
      }
      throw refused;
    }
  }

  private static void set(Transaction tx, Ref<Vmpp> policy, boolean running) {
    if (tx.find(ApiModel.VMPP, policy).isPresent()) {
      tx.update(ApiModel.VMPP, policy, p -> p.with(b -> b.isBackupRunning(running)));
    }
  }

  private String all(Call call, Ref<Vmpp> policy, Vmpp begun, List<String> failed) {
    List<Ref<Vm>> vms = begun.vms().stream().sorted(Comparator.comparing(Ref::text)).toList();
    List<String> why = new ArrayList<>();
    int done = 0;
    for (Ref<Vm> vm : vms) {
      if (call.cancelled()) {
        alerts.raise(policy, PolicyAlert.VMPP_SNAPSHOT_FAILED, "It was cancelled.");
        throw ApiErrors.taskCancelled(call.task().text());
      }
      try {
        take(call, vm, begun);
        retention.keep(vm, begun.backupRetentionValue());
      } catch (RuntimeException failure) {
        ApiError error = Failures.of(failure, call.task());
        LOG.warn("policy {} cannot snapshot {}: {}", begun.uuid(), vm, error.getMessage());
        failed.add(vm.text());
        why.add("VM: " + name(vm) + ": " + String.join(" ", error.description()));
      }
      call.progress((double) ++done / vms.size());
    }
    return failed.isEmpty()
        ? alerts.raise(policy, PolicyAlert.VMPP_SNAPSHOT_SUCCEEDED, "VMs: " + vms.size())
        : alerts.raise(policy, PolicyAlert.VMPP_SNAPSHOT_FAILED, String.join("; ", why));
  }

  private String name(Ref<Vm> vm) {
    return store.snapshot().find(ApiModel.VM, vm).map(Vm::nameLabel).orElse(vm.text());
  }

  /** Only what runs has memory to be saved along. */
  private void take(Call call, Ref<Vm> ref, Vmpp policy) {
    Vm vm = store.snapshot().get(ApiModel.VM, ref);
    String name = "%s %s".formatted(vm.nameLabel(), TIME.format(clock.instant()));
    boolean memory =
        policy.backupType() == VmppBackupType.CHECKPOINT && vm.powerState() == VmPowerState.RUNNING;
    Ref<Vm> snapshot =
        memory
            ? checkpoints.checkpoint(new PartCall(call, VmCheckpoints.Specs.CHECKPOINT), ref, name)
            : snapshots.snapshot(new PartCall(call, VmSnapshots.Specs.SNAPSHOT), ref, name);
    store.change(
        tx -> tx.update(ApiModel.VM, snapshot, v -> v.with(b -> b.isSnapshotFromVmpp(true))));
  }
}
