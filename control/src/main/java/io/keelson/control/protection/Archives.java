package io.keelson.control.protection;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.ErrorCode;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmppSettings;
import io.keelson.api.model.Vm;
import io.keelson.api.model.Vmpp;
import io.keelson.control.operation.Failures;
import io.keelson.host.DriverException;
import io.keelson.host.Shares;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies snapshots that policies took to the places for archives, as files that can be imported.
 */
final class Archives {
  private static final Logger LOG = LoggerFactory.getLogger(Archives.class);

  private final Store store;
  private final Clock clock;
  private final Shares shares;
  private final ArchiveFile files;
  private final PolicyAlerts alerts;

  Archives(Store store, Clock clock, Shares shares, ArchiveFile files, PolicyAlerts alerts) {
    this.store = store;
    this.clock = clock;
    this.shares = shares;
    this.files = files;
    this.alerts = alerts;
  }

  /**
   * Archives the newest snapshot of each of the policy's VMs that is not there yet; what fails is
   * told by alerts.
   */
  void run(Call call, Ref<Vmpp> policy) {
    Optional<Vmpp> begun = begin(policy);
    if (begun.isEmpty()) {
      alerts.raise(policy, PolicyAlert.VMPP_ARCHIVE_LOCK_FAILED, "");
      return;
    }
    try {
      ArchivePlace place = place(begun.get());
      boolean _ = inPlace(policy, place, () -> all(call, policy, begun.get(), place));
    } catch (ApiError refused) {
      alerts.raise(
          policy, PolicyAlert.VMPP_ARCHIVE_FAILED_0, String.join(" ", refused.description()));
    } finally {
      store.change(tx -> set(tx, policy, false));
    }
  }

  private Optional<Vmpp> begin(Ref<Vmpp> policy) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return store.transact(tx -> {
      if (tx.get(ApiModel.VMPP, policy).isArchiveRunning()) {
        return Optional.empty();
      }
      set(tx, policy, true);
      return Optional.of(
          tx.update(ApiModel.VMPP, policy, p -> p.with(b -> b.archiveLastRunTime(now))));
    });
  }

  private static void set(Transaction tx, Ref<Vmpp> policy, boolean running) {
    if (tx.find(ApiModel.VMPP, policy).isPresent()) {
      tx.update(ApiModel.VMPP, policy, p -> p.with(b -> b.isArchiveRunning(running)));
    }
  }

  private ArchivePlace place(Vmpp policy) {
    Map<String, String> config = policy.archiveTargetConfig();
    return ArchivePlace.of(
        policy.archiveTargetType(),
        config.getOrDefault(PolicyKeys.LOCATION, ""),
        config.getOrDefault(PolicyKeys.USERNAME, ""),
        PolicySecrets.open(store.snapshot(), config));
  }

  /** Does the work while the place can be reached; that it cannot be is told. */
  private boolean inPlace(Ref<Vmpp> policy, ArchivePlace place, Runnable work) {
    try {
      place.open(shares);
    } catch (DriverException unreachable) {
      alerts.raise(
          policy,
          PolicyAlert.VMPP_ARCHIVE_TARGET_MOUNT_FAILED,
          String.valueOf(unreachable.getMessage()));
      return false;
    }
    try {
      work.run();
      return true;
    } finally {
      place.close(shares);
    }
  }

  private void all(Call call, Ref<Vmpp> policy, Vmpp begun, ArchivePlace place) {
    List<String> failed = new ArrayList<>();
    int archived = 0;
    for (Ref<Vm> vm : begun.vms().stream().sorted(Comparator.comparing(Ref::text)).toList()) {
      Snapshot state = store.snapshot();
      Optional<Ref<Vm>> newest =
          state.find(ApiModel.VM, vm).isPresent()
              ? Retention.snapshots(state, vm).stream().findFirst()
              : Optional.empty();
      if (newest.isPresent()) {
        try {
          archived += files.write(call, newest.get(), place.open(shares)) ? 1 : 0;
        } catch (RuntimeException failure) {
          ApiError error = Failures.of(failure, call.task());
          LOG.warn("{} cannot be archived: {}", newest.get(), error.getMessage());
          failed.add(
              "VM: "
                  + state.get(ApiModel.VM, vm).nameLabel()
                  + ": "
                  + String.join(" ", error.description()));
        }
      }
    }
    if (failed.isEmpty()) {
      alerts.raise(policy, PolicyAlert.VMPP_ARCHIVE_SUCCEEDED, "Archives: " + archived);
    } else {
      alerts.raise(policy, PolicyAlert.VMPP_ARCHIVE_FAILED_0, String.join("; ", failed));
    }
  }

  /**
   * Archives one snapshot now.
   *
   * @return what the policy's recent_alerts has of it
   * @throws ApiError HANDLE_INVALID; OPERATION_NOT_ALLOWED for what no policy took, for a policy
   *     without a place, and for what is there already; INTERNAL_ERROR for a place that cannot be
   *     reached; what VM.export says
   */
  String archive(Call call, Ref<Vm> snapshot) {
    Snapshot state = store.snapshot();
    Vm record = state.get(ApiModel.VM, snapshot);
    Ref<Vmpp> policy =
        state
            .find(ApiModel.VM, record.snapshotOf())
            .filter(_ -> record.isSnapshotFromVmpp())
            .map(Vm::protectionPolicy)
            .filter(p -> state.find(ApiModel.VMPP, p).isPresent())
            .orElseThrow(
                () -> ApiErrors.operationNotAllowed("only what a policy took is archived"));
    ArchivePlace place = place(state.get(ApiModel.VMPP, policy));
    boolean[] made = {false};
    try {
      if (!inPlace(
          policy, place, () -> made[0] = files.write(call, snapshot, place.open(shares)))) {
        throw ApiErrors.internalError(List.of(PolicyAlert.VMPP_ARCHIVE_TARGET_MOUNT_FAILED.text()));
      }
    } catch (ApiError failed) {
      if (failed.code() != ErrorCode.TASK_CANCELLED) {
        alerts.raise(
            policy, PolicyAlert.VMPP_ARCHIVE_FAILED_0, String.join(" ", failed.description()));
      }
      throw failed;
    }
    if (!made[0]) {
      alerts.raise(policy, PolicyAlert.VMPP_SNAPSHOT_ARCHIVE_ALREADY_EXISTS, record.nameLabel());
      throw ApiErrors.operationNotAllowed(PolicyAlert.VMPP_SNAPSHOT_ARCHIVE_ALREADY_EXISTS.text());
    }
    return alerts.raise(
        policy,
        PolicyAlert.VMPP_ARCHIVE_SUCCEEDED,
        VmppSettings.Specs.ARCHIVE_NOW.wireName() + " " + record.nameLabel());
  }
}
