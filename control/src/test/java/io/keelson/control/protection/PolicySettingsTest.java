package io.keelson.control.protection;

import static io.keelson.control.protection.ProtectionLab.daily;
import static io.keelson.control.protection.ProtectionLab.map;
import static io.keelson.control.protection.ProtectionLab.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.api.model.Vm;
import io.keelson.api.model.Vmpp;
import io.keelson.api.model.VmppArchiveFrequency;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What policies can be set to, and which settings follow from others. */
class PolicySettingsTest {
  @TempDir private Path folder;
  private ProtectionLab lab;

  @BeforeEach
  void open() {
    lab = new ProtectionLab(folder.resolve("lab"));
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void settingsGoTogether() {
    Ref<Vmpp> policy = lab.policy(daily());
    lab.call("set_backup_frequency", text(policy), text("hourly"));
    assertThat(lab.record(policy).backupSchedule()).isEqualTo(Map.of("min", "15"));
    lab.call("set_backup_frequency", text(policy), text("weekly"));
    assertThat(lab.record(policy).backupSchedule())
        .isEqualTo(Map.of("min", "15", "hour", "0", "days", "Monday"));
    lab.call("set_backup_schedule", text(policy), map(Map.of("days", "friday,Sunday")));
    assertThat(lab.record(policy).backupSchedule()).containsEntry("days", "Friday,Sunday");
    assertThat(lab.error("add_to_backup_schedule", text(policy), text("days"), text("Monday")))
        .startsWith("MAP_DUPLICATE_KEY");
    lab.call("remove_from_backup_schedule", text(policy), text("days"));
    lab.call("add_to_backup_schedule", text(policy), text("hour"), text("07"));
    assertThat(lab.record(policy).backupSchedule()).isEqualTo(Map.of("hour", "7"));
    lab.call("set_archive_target_type", text(policy), text("cifs"));
    lab.call("set_archive_target_config", text(policy), map(Map.of("location", "//s/x")));
    lab.call("add_to_archive_target_config", text(policy), text("password"), text("secret word"));
    assertThat(lab.record(policy).archiveTargetConfig().get("password"))
        .isNotEqualTo("secret word");
    assertThat(lab.machines.state().rows(ApiModel.SECRET)).hasSize(1);
    assertThat(lab.error("set_archive_frequency", text(policy), text("daily")))
        .containsExactly("VMPP_ARCHIVE_MORE_FREQUENT_THAN_BACKUP");
    lab.call("set_archive_frequency", text(policy), text("weekly"));
    lab.call("set_archive_target_type", text(policy), text("none"));
    assertThat(lab.record(policy).archiveFrequency()).isEqualTo(VmppArchiveFrequency.NEVER);
    assertThat(lab.record(policy).archiveSchedule()).isEmpty();
    assertThat(lab.record(policy).archiveTargetConfig()).isEmpty();
    assertThat(lab.machines.state().rows(ApiModel.SECRET)).isEmpty();
  }

  @Test
  void whatIsNoSettingIsRefused() {
    Ref<Vmpp> policy = lab.policy(daily());
    Vmpp before = lab.record(policy);
    List<List<String>> errors = new ArrayList<>();
    errors.add(lab.error("set_backup_schedule", text(policy), map(Map.of("min", "5"))));
    errors.add(lab.error("set_backup_schedule", text(policy), map(Map.of("hour", "24"))));
    errors.add(lab.error("set_backup_schedule", text(policy), map(Map.of("days", "Mon"))));
    errors.add(lab.error("set_backup_schedule", text(policy), map(Map.of("week", "1"))));
    errors.add(lab.error("set_alarm_config", text(policy), map(Map.of("smtp_port", "0"))));
    errors.add(lab.error("set_alarm_config", text(policy), map(Map.of("email_address", "a\nb"))));
    errors.add(lab.error("set_archive_target_config", text(policy), map(Map.of("server", "x"))));
    errors.add(lab.error("set_backup_retention_value", text(policy), new Value.Whole(11)));
    errors.add(lab.error("set_archive_frequency", text(policy), text("daily")));
    assertThat(errors).allSatisfy(e -> assertThat(e).startsWith("INVALID_VALUE"));
    assertThat(errors.getFirst()).containsExactly("INVALID_VALUE", "backup-schedule:min", "5");
    assertThat(lab.record(policy)).isEqualTo(before);
    assertThat(lab.error("destroy", text(policy))).containsExactly("VMPP_HAS_VM");
    lab.machines.call("set_protection_policy", lab.vm, Ref.none());
    lab.call("protect_now", text(policy));
    lab.call("destroy", text(policy));
    assertThat(lab.told()).isEmpty();
    assertThat(lab.error("protect_now", text(policy)))
        .containsExactly("HANDLE_INVALID", "VMPP", policy.text());
  }

  @Test
  void whatIsNoVmIsNotProtected() {
    Ref<Vmpp> policy = lab.policy(daily());
    lab.machines.call("snapshot", lab.vm, "s");
    Ref<Vm> snapshot = lab.machines.vm(lab.vm).snapshots().iterator().next();
    assertThat(lab.machines.error("set_protection_policy", snapshot, policy))
        .startsWith("OPERATION_NOT_ALLOWED");
    assertThat(lab.machines.error("set_protection_policy", lab.vm, "OpaqueRef:x"))
        .startsWith("HANDLE_INVALID");
    assertThat(lab.record(policy).vms()).containsExactly(lab.vm);
  }
}
