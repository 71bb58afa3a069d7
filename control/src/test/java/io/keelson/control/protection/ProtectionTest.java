package io.keelson.control.protection;

import static io.keelson.control.protection.ProtectionLab.daily;
import static io.keelson.control.protection.ProtectionLab.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.api.model.Vmpp;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies take snapshots when they are due, and keep some of them. */
class ProtectionTest {
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
  void snapshotsAreTakenWhenTheyAreDue() {
    Ref<Vmpp> policy = lab.policy(daily());
    lab.clock.forward(Duration.ofHours(15)); // Sunday, three o'clock
    lab.protection.tick();
    assertThat(lab.taken()).isEmpty();
    lab.clock.forward(Duration.ofMinutes(15));
    lab.protection.tick();
    lab.protection.tick();
    assertThat(lab.taken()).hasSize(1);
    assertThat(lab.machines.vm(lab.taken().getFirst()).isSnapshotFromVmpp()).isTrue();
    assertThat(lab.machines.vm(lab.taken().getFirst()).nameLabel())
        .isEqualTo("web/1 20260201T031500Z");
    assertThat(lab.record(policy).backupLastRunTime())
        .isEqualTo(Instant.parse("2026-02-01T03:15:00Z"));
    assertThat(lab.record(policy).isBackupRunning()).isFalse();
    assertThat(lab.told()).containsExactly("VMPP_SNAPSHOT_SUCCEEDED");
    assertThat(lab.record(policy).recentAlerts().getFirst())
        .contains("<message>VMPP_SNAPSHOT_SUCCEEDED</message>");
    lab.clock.forward(Duration.ofDays(1));
    lab.protection.tick();
    assertThat(lab.taken()).hasSize(2);
  }

  @Test
  void onlyTheNewestAreKeptWithTheirDisks() {
    Map<String, Value> wanted = daily();
    wanted.put("backup_retention_value", new Value.Whole(2));
    lab.policy(wanted);
    lab.machines.call("snapshot", lab.vm, "by hand");
    for (int day = 0; day < 4; day++) {
      lab.clock.forward(Duration.ofDays(1));
      lab.protection.tick();
    }
    assertThat(lab.taken()).hasSize(2);
    assertThat(lab.machines.vm(lab.taken().getFirst()).nameLabel()).contains("20260204");
    assertThat(lab.machines.vm(lab.vm).snapshots()).hasSize(3); // the one by hand stays
    assertThat(lab.machines.state().rows(ApiModel.VDI)).hasSize(4);
  }

  @Test
  void whatWasMissedIsMadeUpForOnce() {
    Ref<Vmpp> policy = lab.policy(daily());
    lab.clock.forward(Duration.ofDays(1));
    lab.protection.tick();
    assertThat(lab.taken()).hasSize(1);
    lab.clock.forward(Duration.ofDays(3));
    lab.restart();
    lab.protection.tick();
    lab.protection.tick();
    assertThat(lab.taken()).hasSize(2);
    lab.machines
        .store()
        .change(tx -> tx.update(ApiModel.VMPP, policy, p -> p.with(b -> b.isPolicyEnabled(false))));
    lab.protection.tick();
    lab.clock.forward(Duration.ofDays(3));
    lab.protection.tick();
    lab.machines
        .store()
        .change(tx -> tx.update(ApiModel.VMPP, policy, p -> p.with(b -> b.isPolicyEnabled(true))));
    lab.protection.tick();
    assertThat(lab.taken()).hasSize(2); // what was not wanted was not missed
    lab.clock.forward(Duration.ofDays(1));
    lab.protection.tick();
    assertThat(lab.taken()).hasSize(3);
  }

  @Test
  void oneVmThatFailsIsNamedAndKeepsNoOtherFromItsTurn() {
    Ref<Vmpp> policy = lab.policy(daily());
    Ref<Vm> blocked =
        lab.machines.make(
            b -> b.nameLabel("blocked").blockedOperations(Map.of(VmOperations.SNAPSHOT, "no")));
    lab.machines.call("set_protection_policy", blocked, policy);
    assertThat(lab.error("protect_now", text(policy)))
        .containsExactly("OPERATION_PARTIALLY_FAILED", "VMPP.protect_now", blocked.text());
    assertThat(lab.taken()).hasSize(1);
    assertThat(lab.told()).containsExactly("VMPP_SNAPSHOT_FAILED");
    assertThat(lab.record(policy).recentAlerts().getFirst())
        .contains("VM: blocked: OPERATION_BLOCKED");
  }

  @Test
  void whatRunsIsSavedWithItsMemoryIfThePolicySaysSo() {
    Map<String, Value> wanted = daily();
    wanted.put("backup_type", text("checkpoint"));
    Ref<Vmpp> policy = lab.policy(wanted);
    lab.call("protect_now", text(policy));
    lab.machines.call("start", lab.vm, false, false);
    lab.call("protect_now", text(policy));
    assertThat(lab.taken()).hasSize(2);
    assertThat(lab.machines.vm(lab.taken().getFirst()).powerState())
        .isEqualTo(VmPowerState.SUSPENDED);
    assertThat(lab.machines.vm(lab.taken().getLast()).powerState()).isEqualTo(VmPowerState.HALTED);
  }

  @Test
  void oneAtATime() {
    Ref<Vmpp> policy = lab.policy(daily());
    lab.machines
        .store()
        .change(tx -> tx.update(ApiModel.VMPP, policy, p -> p.with(b -> b.isBackupRunning(true))));
    assertThat(lab.error("protect_now", text(policy))).startsWith("OPERATION_NOT_ALLOWED");
    lab.clock.forward(Duration.ofDays(1));
    lab.protection.tick();
    lab.protection.tick();
    assertThat(lab.told())
        .containsExactly("VMPP_SNAPSHOT_LOCK_FAILED", "VMPP_SNAPSHOT_MISSED_EVENT");
    lab.restart();
    assertThat(lab.record(policy).isBackupRunning()).isFalse();
    lab.call("protect_now", text(policy));
    assertThat(lab.taken()).hasSize(1);
  }

  @Test
  void alertsOfThePastHours() {
    Ref<Vmpp> policy = lab.policy(daily());
    lab.call("protect_now", text(policy));
    lab.clock.forward(Duration.ofHours(5));
    lab.call("protect_now", text(policy));
    assertThat((List<?>) lab.call("get_alerts", text(policy), new Value.Whole(1))).hasSize(1);
    assertThat((List<?>) lab.call("get_alerts", text(policy), new Value.Whole(6))).hasSize(2);
    for (int i = 0; i < 12; i++) {
      lab.call("protect_now", text(policy));
    }
    assertThat(lab.record(policy).recentAlerts()).hasSize(10);
  }
}
