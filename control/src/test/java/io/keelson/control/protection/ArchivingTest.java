package io.keelson.control.protection;

import static io.keelson.control.protection.ProtectionLab.daily;
import static io.keelson.control.protection.ProtectionLab.map;
import static io.keelson.control.protection.ProtectionLab.text;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.api.model.Vmpp;
import io.keelson.control.mail.MailServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of policies go to the places for archives, and mail to administrators. */
class ArchivingTest {
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
  void archivesAreFilesOfTheSnapshots() throws Exception {
    Path place = folder.resolve("place");
    lab.machines.call(
        "VBD.destroy", lab.machines.vm(lab.vm).vbds().iterator().next()); // it has no bytes
    Map<String, Value> wanted = daily();
    wanted.put("archive_frequency", text("always_after_backup"));
    wanted.put("archive_target_type", text("nfs"));
    wanted.put("archive_target_config", map(Map.of("location", place.toString())));
    Ref<Vmpp> policy = lab.policy(wanted);
    lab.call("protect_now", text(policy));
    assertThat(lab.told()).containsExactly("VMPP_SNAPSHOT_SUCCEEDED", "VMPP_ARCHIVE_SUCCEEDED");
    List<Path> files = files(place);
    assertThat(files).hasSize(1);
    assertThat(files.getFirst().toString())
        .contains("/web_1-" + lab.machines.vm(lab.vm).uuid() + "/");
    assertThat(files.getFirst().getFileName().toString()).endsWith(".xva");
    assertThat(new String(Files.readAllBytes(files.getFirst()), 0, 7, US_ASCII))
        .isEqualTo("ova.xml");
    assertThat(lab.record(policy).isArchiveRunning()).isFalse();
    assertThat(lab.error("archive_now", text(lab.taken().getFirst())))
        .startsWith("OPERATION_NOT_ALLOWED");
    assertThat(lab.told()).endsWith("VMPP_SNAPSHOT_ARCHIVE_ALREADY_EXISTS");
    Files.delete(files.getFirst());
    lab.call("archive_now", text(lab.taken().getFirst()));
    assertThat(files(place)).hasSize(1);
    assertThat(lab.error("archive_now", text(lab.vm))).startsWith("OPERATION_NOT_ALLOWED");
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
    Ref<Vmpp> policy = lab.policy(wanted);
    assertThat(lab.record(policy).archiveSchedule()).isEqualTo(Map.of("hour", "5", "min", "0"));
    lab.clock.forward(Duration.ofDays(1));
    lab.protection.tick();
    assertThat(lab.told())
        .containsExactlyInAnyOrder("VMPP_SNAPSHOT_SUCCEEDED", "VMPP_ARCHIVE_TARGET_MOUNT_FAILED");
    assertThat(lab.record(policy).archiveLastRunTime()).isAfter(Instant.EPOCH);
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
      Ref<Vmpp> policy = lab.policy(wanted);
      lab.call("protect_now", text(policy));
      assertThat(server.received()).contains("RCPT TO:<admin@x>", "QUIT");
      lab.call("set_is_alarm_enabled", text(policy), new Value.Flag(false));
      int before = server.received().size();
      lab.call("protect_now", text(policy));
      assertThat(server.received()).hasSize(before);
    }
  }
}
