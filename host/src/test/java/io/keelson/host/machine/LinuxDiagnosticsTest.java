package io.keelson.host.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.host.Diagnostics.Subject;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What this machine tells of itself. */
class LinuxDiagnosticsTest {
  private static final UUID HOST = UUID.randomUUID();

  @TempDir private Path root;

  @Test
  void everySubjectHasSomethingToSay() {
    LinuxDiagnostics machine = new LinuxDiagnostics();
    for (Subject subject : machine.subjects(HOST)) {
      Map<String, String> texts = machine.report(HOST, subject.key());
      assertThat(texts).as(subject.key()).isNotEmpty();
      assertThat(texts.keySet()).allMatch(name -> name.matches("[A-Za-z0-9._,-]+"));
    }
    assertThat(machine.report(HOST, "kernel-info").get("proc.version")).startsWith("Linux version");
    assertThat(machine.report(HOST, "disk-info").get("df_-hT")).contains("Filesystem");
    assertThatThrownBy(() -> machine.report(HOST, "nothing"))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND));
  }

  @Test
  void keysThatDoMoreThanTellAreNotPassedOn() throws IOException {
    Path trigger = Files.createDirectories(root.resolve("proc")).resolve("sysrq-trigger");
    LinuxDiagnostics machine = new LinuxDiagnostics(root);
    assertThatThrownBy(() -> machine.debugKeys(HOST, "m"))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED));
    Files.createFile(trigger);
    for (String keys : new String[] {"b", "mc", "", "M"}) {
      assertThatThrownBy(() -> machine.debugKeys(HOST, keys))
          .isInstanceOfSatisfying(
              DriverException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID));
    }
    assertThat(trigger).isEmptyFile();
    machine.debugKeys(HOST, "w");
    assertThat(trigger).hasContent("w");
  }
}
