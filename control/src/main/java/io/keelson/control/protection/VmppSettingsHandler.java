package io.keelson.control.protection;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmppSettings;
import io.keelson.api.model.Vm;
import io.keelson.api.model.Vmpp;
import io.keelson.api.model.VmppArchiveFrequency;
import io.keelson.api.model.VmppArchiveTargetType;
import io.keelson.api.model.VmppBackupFrequency;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * The settings of policies, and what policies do at once. A setting that others depend on brings
 * these along: a new frequency, say, has the schedule keep what belongs to it.
 */
record VmppSettingsHandler(Store store, Backups backups, Archives archives, PolicyAlerts alerts)
    implements VmppSettings {

  @Override
  public String protectNow(Call call, Ref<Vmpp> vmpp) {
    return backups.run(call, vmpp);
  }

  @Override
  public String archiveNow(Call call, Ref<Vm> snapshot) {
    return archives.archive(call, snapshot);
  }

  @Override
  public List<String> getAlerts(Call call, Ref<Vmpp> vmpp, long hoursFromNow) {
    return alerts.since(vmpp, Duration.ofHours(Math.clamp(hoursFromNow, 0, 1_000_000)));
  }

  @Override
  public void setBackupFrequency(Call call, Ref<Vmpp> self, VmppBackupFrequency value) {
    change(self, p -> PolicyRules.checked(p.with(b -> b.backupFrequency(value))));
  }

  @Override
  public void setBackupRetentionValue(Call call, Ref<Vmpp> self, long value) {
    PolicyRules.checkRetention(value);
    change(self, p -> p.with(b -> b.backupRetentionValue(value)));
  }

  @Override
  public void setBackupLastRunTime(Call call, Ref<Vmpp> self, Instant value) {
    change(self, p -> p.with(b -> b.backupLastRunTime(value)));
  }

  @Override
  public void setBackupSchedule(Call call, Ref<Vmpp> self, Map<String, String> value) {
    Map<String, String> checked = PolicyKeys.BACKUP.checked(value);
    change(self, p -> p.with(b -> b.backupSchedule(checked)));
  }

  @Override
  public void addToBackupSchedule(Call call, Ref<Vmpp> self, String key, String value) {
    String checked = PolicyKeys.BACKUP.checked(key, value);
    change(
        self,
        p ->
            p.with(b ->
                b.backupSchedule(plus(self, "backup_schedule", p.backupSchedule(), key, checked))));
  }

  @Override
  public void removeFromBackupSchedule(Call call, Ref<Vmpp> self, String key) {
    change(self, p -> p.with(b -> b.backupSchedule(minus(p.backupSchedule(), key))));
  }

  @Override
  public void setArchiveFrequency(Call call, Ref<Vmpp> self, VmppArchiveFrequency value) {
    change(self, p -> PolicyRules.checked(p.with(b -> b.archiveFrequency(value))));
  }

  @Override
  public void setArchiveLastRunTime(Call call, Ref<Vmpp> self, Instant value) {
    change(self, p -> p.with(b -> b.archiveLastRunTime(value)));
  }

  @Override
  public void setArchiveSchedule(Call call, Ref<Vmpp> self, Map<String, String> value) {
    Map<String, String> checked = PolicyKeys.ARCHIVE.checked(value);
    change(self, p -> p.with(b -> b.archiveSchedule(checked)));
  }

  @Override
  public void addToArchiveSchedule(Call call, Ref<Vmpp> self, String key, String value) {
    String checked = PolicyKeys.ARCHIVE.checked(key, value);
    change(
        self,
        p ->
            p.with(b ->
                b.archiveSchedule(
                    plus(self, "archive_schedule", p.archiveSchedule(), key, checked))));
  }

  @Override
  public void removeFromArchiveSchedule(Call call, Ref<Vmpp> self, String key) {
    change(self, p -> p.with(b -> b.archiveSchedule(minus(p.archiveSchedule(), key))));
  }

  /** Without a place for them, nothing is archived. */
  @Override
  public void setArchiveTargetType(Call call, Ref<Vmpp> self, VmppArchiveTargetType value) {
    targets(
        self,
        p ->
            p.with(b -> {
              Vmpp.Builder typed = b.archiveTargetType(value);
              if (value == VmppArchiveTargetType.NONE) {
                typed.archiveFrequency(VmppArchiveFrequency.NEVER);
              }
            }),
        (_, next) -> PolicyKeys.target(value).completed(next));
  }

  @Override
  public void setArchiveTargetConfig(Call call, Ref<Vmpp> self, Map<String, String> value) {
    Map<String, String> checked = PolicyKeys.TARGET.checked(value);
    targets(self, p -> p, (_, _) -> checked);
  }

  @Override
  public void addToArchiveTargetConfig(Call call, Ref<Vmpp> self, String key, String value) {
    String checked = PolicyKeys.TARGET.checked(key, value);
    targets(self, p -> p, (before, _) -> plus(self, "archive_target_config", before, key, checked));
  }

  @Override
  public void removeFromArchiveTargetConfig(Call call, Ref<Vmpp> self, String key) {
    targets(self, p -> p, (before, _) -> minus(before, key));
  }

  @Override
  public void setIsAlarmEnabled(Call call, Ref<Vmpp> self, boolean value) {
    change(self, p -> PolicyRules.checked(p.with(b -> b.isAlarmEnabled(value))));
  }

  @Override
  public void setAlarmConfig(Call call, Ref<Vmpp> self, Map<String, String> value) {
    Map<String, String> checked = PolicyKeys.ALARM.checked(value);
    change(self, p -> p.with(b -> b.alarmConfig(checked)));
  }

  @Override
  public void addToAlarmConfig(Call call, Ref<Vmpp> self, String key, String value) {
    String checked = PolicyKeys.ALARM.checked(key, value);
    change(
        self,
        p -> p.with(b -> b.alarmConfig(plus(self, "alarm_config", p.alarmConfig(), key, checked))));
  }

  @Override
  public void removeFromAlarmConfig(Call call, Ref<Vmpp> self, String key) {
    change(self, p -> p.with(b -> b.alarmConfig(minus(p.alarmConfig(), key))));
  }

  private void change(Ref<Vmpp> self, Function<Vmpp, Vmpp> change) {
    store.change(tx -> tx.update(ApiModel.VMPP, self, change::apply));
  }

  /** Changes what says where archives go; a password in it becomes a secret. */
  private void targets(
      Ref<Vmpp> self, Function<Vmpp, Vmpp> change, BinaryOperator<Map<String, String>> settings) {
    store.change(tx -> {
      Vmpp before = tx.get(ApiModel.VMPP, self);
      Vmpp changed = change.apply(before);
      Map<String, String> next =
          settings.apply(before.archiveTargetConfig(), changed.archiveTargetConfig());
      Map<String, String> kept = PolicySecrets.keep(tx, before.archiveTargetConfig(), next);
      write(tx, self, changed.with(b -> b.archiveTargetConfig(kept)));
    });
  }

  /** Of one without a place for archives all that goes with it is forgotten. */
  private static void write(Transaction tx, Ref<Vmpp> self, Vmpp next) {
    boolean nowhere = next.archiveTargetType() == VmppArchiveTargetType.NONE;
    if (nowhere && next.archiveFrequency() == VmppArchiveFrequency.NEVER) {
      tx.update(ApiModel.VMPP, self, _ -> next.with(b -> b.archiveSchedule(Map.of())));
    } else {
      tx.update(ApiModel.VMPP, self, _ -> next);
    }
  }

  private static Map<String, String> plus(
      Ref<Vmpp> self, String field, Map<String, String> map, String key, String value) {
    if (map.containsKey(key)) {
      throw ApiErrors.mapDuplicateKey(ApiModel.VMPP.name(), field, self.text(), key);
    }
    Map<String, String> all = new HashMap<>(map);
    all.put(key, value);
    return Map.copyOf(all);
  }

  private static Map<String, String> minus(Map<String, String> map, String key) {
    Map<String, String> rest = new HashMap<>(map);
    rest.remove(key);
    return Map.copyOf(rest);
  }
}
