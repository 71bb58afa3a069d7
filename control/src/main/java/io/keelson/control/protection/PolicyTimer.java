package io.keelson.control.protection;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.MessageSpec;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmppSettings;
import io.keelson.api.model.Vmpp;
import io.keelson.control.vm.power.OwnCall;
import io.keelson.store.Row;
import io.keelson.store.Store;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has policies do their work when it is due, in the host's local time. What was missed while the
 * server was down is done once when it is back; a policy that is new, changed or enabled again
 * begins with the next time. To be asked now and then, by one thread.
 */
final class PolicyTimer {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyTimer.class);

  private final Store store;
  private final Clock clock;
  private final ZoneId zone;
  private final Executor executor;
  private final Backups backups;
  private final Archives archives;
  private final PolicyAlerts alerts;
  private Map<Ref<Vmpp>, Known> known = new HashMap<>();

  /**
   * @param zone of the host's local time
   * @param executor does the work
   */
  PolicyTimer(
      Store store,
      Clock clock,
      ZoneId zone,
      Executor executor,
      Backups backups,
      Archives archives,
      PolicyAlerts alerts) {
    this.store = store;
    this.clock = clock;
    this.zone = zone;
    this.executor = executor;
    this.backups = backups;
    this.archives = archives;
    this.alerts = alerts;
  }

  /**
   * A policy's times as they were when it was last looked at.
   *
   * @param since before when nothing counts as missed
   */
  private record Known(
      Schedule backups,
      Optional<Schedule> archives,
      boolean enabled,
      Instant since,
      Instant archivesSince) {}

  /** Begins what is due. */
  void tick() {
    Instant now = clock.instant();
    Map<Ref<Vmpp>, Known> seen = new HashMap<>();
    for (Row<Vmpp> row : store.snapshot().rows(ApiModel.VMPP).toList()) {
      Known times = look(row.ref(), row.record(), now);
      seen.put(row.ref(), times);
      if (times.enabled) {
        backups(row, times, now);
        archives(row, times, now);
      }
    }
    known = seen;
  }

  private Known look(Ref<Vmpp> ref, Vmpp policy, Instant now) {
    Schedule backing = Schedule.ofBackups(policy);
    Optional<Schedule> archiving = Schedule.ofArchives(policy);
    boolean enabled = policy.isPolicyEnabled();
    Known before = known.get(ref);
    if (before == null) {
      return new Known(
          backing,
          archiving,
          enabled,
          beginning(policy.backupLastRunTime(), now),
          beginning(policy.archiveLastRunTime(), now));
    }
    boolean anew = !before.enabled || !enabled;
    return new Known(
        backing,
        archiving,
        enabled,
        anew || !backing.equals(before.backups) ? now : before.since,
        anew || !archiving.equals(before.archives) ? now : before.archivesSince);
  }

  /** One that has never run has missed nothing. */
  private static Instant beginning(Instant lastRun, Instant now) {
    return lastRun.equals(Instant.EPOCH) ? now : lastRun;
  }

  private void backups(Row<Vmpp> row, Known times, Instant now) {
    Vmpp policy = row.record();
    if (!isDue(times.backups, policy.backupLastRunTime(), times.since, now)) {
      return;
    }
    if (policy.isBackupRunning()) {
      missed(row.ref(), PolicyAlert.VMPP_SNAPSHOT_MISSED_EVENT, b -> b.backupLastRunTime(now));
    } else {
      begin(
          row.ref(),
          VmppSettings.Specs.PROTECT_NOW,
          (call, ref) -> {
            String _ = backups.run(call, ref);
          });
    }
  }

  private void archives(Row<Vmpp> row, Known times, Instant now) {
    Vmpp policy = row.record();
    boolean due =
        times
            .archives
            .filter(s -> isDue(s, policy.archiveLastRunTime(), times.archivesSince, now))
            .isPresent();
    if (!due) {
      return;
    }
    if (policy.isArchiveRunning()) {
      missed(row.ref(), PolicyAlert.VMPP_ARCHIVE_MISSED_EVENT, b -> b.archiveLastRunTime(now));
    } else {
      begin(row.ref(), VmppSettings.Specs.ARCHIVE_NOW, archives::run);
    }
  }

  private boolean isDue(Schedule schedule, Instant lastRun, Instant since, Instant now) {
    Instant due = schedule.lastDue(now.atZone(zone)).toInstant();
    return due.isAfter(lastRun) && due.isAfter(since);
  }

  private void missed(Ref<Vmpp> policy, PolicyAlert alert, Consumer<Vmpp.Builder> handled) {
    store.change(tx -> tx.update(ApiModel.VMPP, policy, p -> p.with(handled)));
    alerts.raise(policy, alert, "");
  }

  private void begin(Ref<Vmpp> policy, MessageSpec message, BiConsumer<Call, Ref<Vmpp>> work) {
    executor.execute(() -> {
      try {
        work.accept(new OwnCall(message, Ref.fresh()), policy);
      } catch (ApiError failed) {
        LOG.warn("{} of policy {}: {}", message.wireName(), policy, failed.getMessage());
      }
    });
  }
}
