package io.keelson.control.protection;

import io.keelson.api.ApiErrors;
import io.keelson.api.model.Vmpp;
import io.keelson.api.model.VmppArchiveFrequency;
import io.keelson.api.model.VmppArchiveTargetType;
import io.keelson.api.model.VmppBackupFrequency;
import java.util.Map;

/** What the settings of a policy have to do with one another. */
final class PolicyRules {
  private static final int MOST_KEPT = 10;

  private PolicyRules() {}

  /**
   * A policy with all of its settings checked, and completed by the usual ones.
   *
   * @throws io.keelson.api.ApiError INVALID_VALUE, VMPP_ARCHIVE_MORE_FREQUENT_THAN_BACKUP
   */
  static Vmpp checked(Vmpp policy) {
    checkRetention(policy.backupRetentionValue());
    checkFrequencies(policy.archiveFrequency(), policy.backupFrequency());
    boolean nowhere = policy.archiveTargetType() == VmppArchiveTargetType.NONE;
    if (nowhere && policy.archiveFrequency() != VmppArchiveFrequency.NEVER) {
      throw ApiErrors.invalidValue("archive_target_type", policy.archiveTargetType().text());
    }
    Map<String, String> backups =
        PolicyKeys.backup(policy.backupFrequency())
            .completed(PolicyKeys.BACKUP.checked(policy.backupSchedule()));
    Map<String, String> archives =
        PolicyKeys.archive(policy.archiveFrequency())
            .completed(PolicyKeys.ARCHIVE.checked(policy.archiveSchedule()));
    Map<String, String> target =
        PolicyKeys.target(policy.archiveTargetType())
            .completed(PolicyKeys.TARGET.checked(policy.archiveTargetConfig()));
    Map<String, String> given = PolicyKeys.ALARM.checked(policy.alarmConfig());
    Map<String, String> alarm = policy.isAlarmEnabled() ? PolicyKeys.ALARM.completed(given) : given;
    return policy.with(b ->
        b.backupSchedule(backups)
            .archiveSchedule(archives)
            .archiveTargetConfig(target)
            .alarmConfig(alarm));
  }

  /**
   * @throws io.keelson.api.ApiError INVALID_VALUE
   */
  static void checkRetention(long value) {
    if (value < 1 || value > MOST_KEPT) {
      throw ApiErrors.invalidValue("backup_retention_value", Long.toString(value));
    }
  }

  /**
   * What is archived has to be taken first.
   *
   * @throws io.keelson.api.ApiError VMPP_ARCHIVE_MORE_FREQUENT_THAN_BACKUP
   */
  static void checkFrequencies(VmppArchiveFrequency archives, VmppBackupFrequency backups) {
    if (archives == VmppArchiveFrequency.DAILY && backups == VmppBackupFrequency.WEEKLY) {
      throw ApiErrors.vmppArchiveMoreFrequentThanBackup();
    }
  }
}
