package io.keelson.control.protection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Arguments;
import io.keelson.api.BoundMessage;
import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Message;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.api.model.Vmpp;
import io.keelson.api.model.VmppArchiveFrequency;
import io.keelson.control.DirectCall;
import io.keelson.control.PlainSink;
import io.keelson.control.Resources;
import io.keelson.control.TestClock;
import io.keelson.control.exchange.VmExchange;
import io.keelson.control.mail.MailServer;
import io.keelson.control.session.RecordKeys;
import io.keelson.control.session.SessionLimits;
import io.keelson.control.session.Sessions;
import io.keelson.control.vm.VmLab;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.store.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies on simulated VMs, with a clock that the test sets: it begins on a Saturday at noon. */
class ProtectionTest {
  @TempDir private Path folder;
  private final TestClock clock = new TestClock();
  private VmLab lab;
  private Protection protection;
  private Map<String, BoundMessage> messages = Map.of();
  private Ref<Vm> vm = Ref.none();

  @BeforeEach
  void open() {
    lab = VmLab.open(folder.resolve("lab"), Simulation.open(SimulationPlan.of(1)).drivers(), 1);
    restart();
    vm = lab.make(b -> b.nameLabel("web/1"));
    lab.disk(vm, 0, VbdMode.RW);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  /** A server that knows no more than what is written down. */
  private void restart() {
    Resources own = lab.resources();
    protection =
        new Protection(
            new Resources(own.store(), own.operations(), own.tasks(), own.drivers(), clock),
            lab.protectionParts(),
            new VmExchange(own, keys(own)),
            ZoneOffset.UTC,
            Runnable::run);
    protection.recover();
    messages =
        protection.messages().stream().collect(Collectors.toMap(m -> m.spec().wireName(), m -> m));
  }

  /** Nobody brings anything in here. */
  private static RecordKeys keys(Resources own) {
    Sessions sessions = new Sessions(own.store(), own.clock(), SessionLimits.USUAL);
    return new RecordKeys(
        sessions,
        () -> {
          throw new AssertionError("archives are only written");
        });
  }

  private Object call(String name, Value... arguments) {
    BoundMessage message = Objects.requireNonNull(messages.get("VMPP." + name), name);
    return PlainSink.of(
        message
            .binder()
            .bind(new Arguments(List.of(arguments)))
            .run(DirectCall.of(message.spec())));
  }

  private List<String> error(String name, Value... arguments) {
    try {
      call(name, arguments);
      return List.of();
    } catch (ApiError e) {
      return e.description();
    }
  }

  private static Value text(String text) {
    return new Value.Text(text);
  }

  private static Value text(Ref<?> ref) {
    return new Value.Text(ref.text());
  }

  private static Value map(Map<String, String> map) {
    Map<String, Value> members = new LinkedHashMap<>();
    map.forEach((k, v) -> members.put(k, text(v)));
    return new Value.Structure(members);
  }

  private static Map<String, Value> daily() {
    Map<String, Value> wanted = new HashMap<>();
    wanted.put("name_label", text("nightly"));
    wanted.put("backup_frequency", text("daily"));
    wanted.put("backup_schedule", map(Map.of("hour", "3", "min", "15")));
    return wanted;
  }

  private Ref<Vmpp> policy(Map<String, Value> wanted) {
    Ref<Vmpp> policy = Ref.of(call("create", new Value.Structure(wanted)).toString());
    lab.call("set_protection_policy", vm, policy);
    protection.tick();
    return policy;
  }

  private Vmpp record(Ref<Vmpp> policy) {
    return lab.state().get(ApiModel.VMPP, policy);
  }

  private List<Ref<Vm>> taken() {
    return Retention.snapshots(lab.state(), vm);
  }

  private List<String> told() {
    return lab.state()
        .rows(ApiModel.MESSAGE)
        .filter(row -> row.record().cls() == Cls.VMPP)
        .sorted(Comparator.comparingLong(Row::created))
        .map(Row::record)
        .map(Message::name)
        .toList();
  }

  @Test
  void snapshotsAreTakenWhenTheyAreDue() {
    Ref<Vmpp> policy = policy(daily());
    clock.forward(Duration.ofHours(15)); // Sunday, three o'clock
    protection.tick();
    assertThat(taken()).isEmpty();
    clock.forward(Duration.ofMinutes(15));
    protection.tick();
    protection.tick();
    assertThat(taken()).hasSize(1);
    assertThat(lab.vm(taken().getFirst()).isSnapshotFromVmpp()).isTrue();
    assertThat(lab.vm(taken().getFirst()).nameLabel()).isEqualTo("web/1 20260201T031500Z");
    assertThat(record(policy).backupLastRunTime()).isEqualTo(Instant.parse("2026-02-01T03:15:00Z"));
    assertThat(record(policy).isBackupRunning()).isFalse();
    assertThat(told()).containsExactly("VMPP_SNAPSHOT_SUCCEEDED");
    assertThat(record(policy).recentAlerts().getFirst())
        .contains("<message>VMPP_SNAPSHOT_SUCCEEDED</message>");
    clock.forward(Duration.ofDays(1));
    protection.tick();
    assertThat(taken()).hasSize(2);
  }

  @Test
  void onlyTheNewestAreKeptWithTheirDisks() {
    Map<String, Value> wanted = daily();
    wanted.put("backup_retention_value", new Value.Whole(2));
    policy(wanted);
    lab.call("snapshot", vm, "by hand");
    for (int day = 0; day < 4; day++) {
      clock.forward(Duration.ofDays(1));
      protection.tick();
    }
    assertThat(taken()).hasSize(2);
    assertThat(lab.vm(taken().getFirst()).nameLabel()).contains("20260204");
    assertThat(lab.vm(vm).snapshots()).hasSize(3); // the one by hand stays
    assertThat(lab.state().rows(ApiModel.VDI)).hasSize(4);
  }

  @Test
  void whatWasMissedIsMadeUpForOnce() {
    Ref<Vmpp> policy = policy(daily());
    clock.forward(Duration.ofDays(1));
    protection.tick();
    assertThat(taken()).hasSize(1);
    clock.forward(Duration.ofDays(3));
    restart();
    protection.tick();
    protection.tick();
    assertThat(taken()).hasSize(2);
    lab.store()
        .change(tx -> tx.update(ApiModel.VMPP, policy, p -> p.with(b -> b.isPolicyEnabled(false))));
    protection.tick();
    clock.forward(Duration.ofDays(3));
    protection.tick();
    lab.store()
        .change(tx -> tx.update(ApiModel.VMPP, policy, p -> p.with(b -> b.isPolicyEnabled(true))));
    protection.tick();
    assertThat(taken()).hasSize(2); // what was not wanted was not missed
    clock.forward(Duration.ofDays(1));
    protection.tick();
    assertThat(taken()).hasSize(3);
  }

  @Test
  void oneVmThatFailsIsNamedAndKeepsNoOtherFromItsTurn() {
    Ref<Vmpp> policy = policy(daily());
    Ref<Vm> blocked =
        lab.make(
            b -> b.nameLabel("blocked").blockedOperations(Map.of(VmOperations.SNAPSHOT, "no")));
    lab.call("set_protection_policy", blocked, policy);
    assertThat(error("protect_now", text(policy)))
        .containsExactly("OPERATION_PARTIALLY_FAILED", "VMPP.protect_now", blocked.text());
    assertThat(taken()).hasSize(1);
    assertThat(told()).containsExactly("VMPP_SNAPSHOT_FAILED");
    assertThat(record(policy).recentAlerts().getFirst()).contains("VM: blocked: OPERATION_BLOCKED");
  }

  @Test
  void whatRunsIsSavedWithItsMemoryIfThePolicySaysSo() {
    Map<String, Value> wanted = daily();
    wanted.put("backup_type", text("checkpoint"));
    Ref<Vmpp> policy = policy(wanted);
    call("protect_now", text(policy));
    lab.call("start", vm, false, false);
    call("protect_now", text(policy));
    assertThat(taken()).hasSize(2);
    assertThat(lab.vm(taken().getFirst()).powerState()).isEqualTo(VmPowerState.SUSPENDED);
    assertThat(lab.vm(taken().getLast()).powerState()).isEqualTo(VmPowerState.HALTED);
  }

  @Test
  void oneAtATime() {
    Ref<Vmpp> policy = policy(daily());
    lab.store()
        .change(tx -> tx.update(ApiModel.VMPP, policy, p -> p.with(b -> b.isBackupRunning(true))));
    assertThat(error("protect_now", text(policy))).startsWith("OPERATION_NOT_ALLOWED");
    clock.forward(Duration.ofDays(1));
    protection.tick();
    protection.tick();
    assertThat(told()).containsExactly("VMPP_SNAPSHOT_LOCK_FAILED", "VMPP_SNAPSHOT_MISSED_EVENT");
    restart();
    assertThat(record(policy).isBackupRunning()).isFalse();
    call("protect_now", text(policy));
    assertThat(taken()).hasSize(1);
  }

  @Test
  void archivesAreFilesOfTheSnapshots() throws Exception {
    Path place = folder.resolve("place");
    lab.call("VBD.destroy", lab.vm(vm).vbds().iterator().next()); // it has no bytes
    Map<String, Value> wanted = daily();
    wanted.put("archive_frequency", text("always_after_backup"));
    wanted.put("archive_target_type", text("nfs"));
    wanted.put("archive_target_config", map(Map.of("location", place.toString())));
    Ref<Vmpp> policy = policy(wanted);
    call("protect_now", text(policy));
    assertThat(told()).containsExactly("VMPP_SNAPSHOT_SUCCEEDED", "VMPP_ARCHIVE_SUCCEEDED");
    List<Path> files = files(place);
    assertThat(files).hasSize(1);
    assertThat(files.getFirst().toString()).contains("/web_1-" + lab.vm(vm).uuid() + "/");
    assertThat(files.getFirst().getFileName().toString()).endsWith(".xva");
    assertThat(new String(Files.readAllBytes(files.getFirst()), 0, 7, US_ASCII))
        .isEqualTo("ova.xml");
    assertThat(record(policy).isArchiveRunning()).isFalse();
    assertThat(error("archive_now", text(taken().getFirst()))).startsWith("OPERATION_NOT_ALLOWED");
    assertThat(told()).endsWith("VMPP_SNAPSHOT_ARCHIVE_ALREADY_EXISTS");
    Files.delete(files.getFirst());
    call("archive_now", text(taken().getFirst()));
    assertThat(files(place)).hasSize(1);
    assertThat(error("archive_now", text(vm))).startsWith("OPERATION_NOT_ALLOWED");
  }

  private static List<Path> files(Path place) throws Exception {
    try (var all = Files.walk(place)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void aPlaceThatCannotBeReachedIsTold() {
    Map<String, Value> wanted = daily();
    wanted.put("archive_frequency", text("daily"));
    wanted.put("archive_schedule", map(Map.of("hour", "5")));
    wanted.put("archive_target_type", text("nfs"));
    wanted.put("archive_target_config", map(Map.of("location", "nowhere.invalid:/x")));
    Ref<Vmpp> policy = policy(wanted);
    assertThat(record(policy).archiveSchedule()).isEqualTo(Map.of("hour", "5", "min", "0"));
    clock.forward(Duration.ofDays(1));
    protection.tick();
    assertThat(told())
        .containsExactlyInAnyOrder("VMPP_SNAPSHOT_SUCCEEDED", "VMPP_ARCHIVE_TARGET_MOUNT_FAILED");
    assertThat(record(policy).archiveLastRunTime()).isAfter(Instant.EPOCH);
  }

  @Test
  void mailGoesOutForThoseWhoWantIt() throws Exception {
    try (MailServer server = new MailServer("550", "<nobody@x>")) {
      Map<String, Value> wanted = daily();
      wanted.put("is_alarm_enabled", new Value.Flag(true));
      wanted.put(
          "alarm_config",
          map(
              Map.of(
                  "email_address",
                  "admin@x",
                  "smtp_server",
                  "127.0.0.1",
                  "smtp_port",
                  Integer.toString(server.port()))));
      Ref<Vmpp> policy = policy(wanted);
      call("protect_now", text(policy));
      assertThat(server.received()).contains("RCPT TO:<admin@x>", "QUIT");
      call("set_is_alarm_enabled", text(policy), new Value.Flag(false));
      int before = server.received().size();
      call("protect_now", text(policy));
      assertThat(server.received()).hasSize(before);
    }
  }

  @Test
  void alertsOfThePastHours() {
    Ref<Vmpp> policy = policy(daily());
    call("protect_now", text(policy));
    clock.forward(Duration.ofHours(5));
    call("protect_now", text(policy));
    assertThat((List<?>) call("get_alerts", text(policy), new Value.Whole(1))).hasSize(1);
    assertThat((List<?>) call("get_alerts", text(policy), new Value.Whole(6))).hasSize(2);
    for (int i = 0; i < 12; i++) {
      call("protect_now", text(policy));
    }
    assertThat(record(policy).recentAlerts()).hasSize(10);
  }

  @Test
  void settingsGoTogether() {
    Ref<Vmpp> policy = policy(daily());
    call("set_backup_frequency", text(policy), text("hourly"));
    assertThat(record(policy).backupSchedule()).isEqualTo(Map.of("min", "15"));
    call("set_backup_frequency", text(policy), text("weekly"));
    assertThat(record(policy).backupSchedule())
        .isEqualTo(Map.of("min", "15", "hour", "0", "days", "Monday"));
    call("set_backup_schedule", text(policy), map(Map.of("days", "friday,Sunday")));
    assertThat(record(policy).backupSchedule()).containsEntry("days", "Friday,Sunday");
    assertThat(error("add_to_backup_schedule", text(policy), text("days"), text("Monday")))
        .startsWith("MAP_DUPLICATE_KEY");
    call("remove_from_backup_schedule", text(policy), text("days"));
    call("add_to_backup_schedule", text(policy), text("hour"), text("07"));
    assertThat(record(policy).backupSchedule()).isEqualTo(Map.of("hour", "7"));
    call("set_archive_target_type", text(policy), text("cifs"));
    call("set_archive_target_config", text(policy), map(Map.of("location", "//s/x")));
    call("add_to_archive_target_config", text(policy), text("password"), text("secret word"));
    assertThat(record(policy).archiveTargetConfig().get("password")).isNotEqualTo("secret word");
    assertThat(lab.state().rows(ApiModel.SECRET)).hasSize(1);
    assertThat(error("set_archive_frequency", text(policy), text("daily")))
        .containsExactly("VMPP_ARCHIVE_MORE_FREQUENT_THAN_BACKUP");
    call("set_archive_frequency", text(policy), text("weekly"));
    call("set_archive_target_type", text(policy), text("none"));
    assertThat(record(policy).archiveFrequency()).isEqualTo(VmppArchiveFrequency.NEVER);
    assertThat(record(policy).archiveSchedule()).isEmpty();
    assertThat(record(policy).archiveTargetConfig()).isEmpty();
    assertThat(lab.state().rows(ApiModel.SECRET)).isEmpty();
  }

  @Test
  void whatIsNoSettingIsRefused() {
    Ref<Vmpp> policy = policy(daily());
    Vmpp before = record(policy);
    List<List<String>> errors = new ArrayList<>();
    errors.add(error("set_backup_schedule", text(policy), map(Map.of("min", "5"))));
    errors.add(error("set_backup_schedule", text(policy), map(Map.of("hour", "24"))));
    errors.add(error("set_backup_schedule", text(policy), map(Map.of("days", "Mon"))));
    errors.add(error("set_backup_schedule", text(policy), map(Map.of("week", "1"))));
    errors.add(error("set_alarm_config", text(policy), map(Map.of("smtp_port", "0"))));
    errors.add(error("set_alarm_config", text(policy), map(Map.of("email_address", "a\nb"))));
    errors.add(error("set_archive_target_config", text(policy), map(Map.of("server", "x"))));
    errors.add(error("set_backup_retention_value", text(policy), new Value.Whole(11)));
    errors.add(error("set_archive_frequency", text(policy), text("daily")));
    assertThat(errors).allSatisfy(e -> assertThat(e).startsWith("INVALID_VALUE"));
    assertThat(errors.getFirst()).containsExactly("INVALID_VALUE", "backup-schedule:min", "5");
    assertThat(record(policy)).isEqualTo(before);
    assertThat(error("destroy", text(policy))).containsExactly("VMPP_HAS_VM");
    lab.call("set_protection_policy", vm, Ref.none());
    call("protect_now", text(policy));
    call("destroy", text(policy));
    assertThat(told()).isEmpty();
    assertThat(error("protect_now", text(policy)))
        .containsExactly("HANDLE_INVALID", "VMPP", policy.text());
  }

  @Test
  void whatIsNoVmIsNotProtected() {
    Ref<Vmpp> policy = policy(daily());
    lab.call("snapshot", vm, "s");
    Ref<Vm> snapshot = lab.vm(vm).snapshots().iterator().next();
    assertThat(lab.error("set_protection_policy", snapshot, policy))
        .startsWith("OPERATION_NOT_ALLOWED");
    assertThat(lab.error("set_protection_policy", vm, "OpaqueRef:x")).startsWith("HANDLE_INVALID");
    assertThat(record(policy).vms()).containsExactly(vm);
  }
}
