package io.keelson.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.cli.Xe.Shown;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** VMs started, stopped and copied by commands. */
class VmCommandsTest {
  private static final String TEMPLATE = "Other install media";

  @TempDir private static Path folder;
  private static ServerBox box;
  private static Xe xe;

  @BeforeAll
  static void start() {
    box = ServerBox.simulated(folder, 2).start();
    xe = Xe.of(box);
  }

  @AfterAll
  static void stop() {
    box.close();
  }

  private static String vm(String name) {
    String uuid = xe.line("vm-clone", "vm=" + TEMPLATE, "new-name-label=" + name);
    xe.ok("template-param-set", "uuid=" + uuid, "is-a-template=false");
    return uuid;
  }

  private static String state(String uuid) {
    return xe.line("vm-param-get", "uuid=" + uuid, "param-name=power-state");
  }

  @Test
  void aVmGoesThroughItsLife() {
    String uuid = vm("lively");
    String host = xe.line("host-list", "params=uuid", "--minimal").split(",")[1];
    xe.ok("vm-start", "vm=lively", "on=" + host, "--paused");
    assertThat(state(uuid)).isEqualTo("paused");
    assertThat(xe.line("vm-param-get", "uuid=" + uuid, "param-name=resident-on")).isEqualTo(host);
    xe.ok("vm-unpause", "uuid=" + uuid);
    xe.ok("vm-reboot", "uuid=" + uuid, "--force");
    xe.ok("vm-suspend", "uuid=" + uuid);
    assertThat(state(uuid)).isEqualTo("suspended");
    xe.ok("vm-resume", "uuid=" + uuid, "on=" + host);
    assertThat(state(uuid)).isEqualTo("running");
    Shown shown = xe.run("vm-shutdown", "uuid=" + uuid, "--force", "--progress");
    assertThat(shown.status()).isZero();
    assertThat(shown.errors()).as("no bar where nobody looks").isEmpty();
    assertThat(state(uuid)).isEqualTo("halted");
    assertThat(xe.run("vm-shutdown", "uuid=" + uuid, "force=true"))
        .isEqualTo(
            new Shown(
                1,
                "",
                """
                The machine's power state does not allow it.
                vm: %s (lively)
                expected: paused, running, suspended
                actual: halted
                next step: Bring the VM into the state that the second parameter names, with VM.start, VM.shutdown, VM.resume or VM.unpause.
                """
                    .formatted(uuid)));
  }

  @Test
  void severalVmsTakeASwitch() {
    String first = vm("crowd");
    String second = vm("crowd");
    assertThat(xe.run("vm-start", "name-label=crowd"))
        .isEqualTo(
            new Shown(
                1,
                "",
                "Error: Multiple matches VMs found. --multiple required to complete the"
                    + " operation\n"));
    xe.ok("vm-start", "uuid=" + first);
    Shown shown = xe.run("vm-start", "vm=crowd", "--multiple");
    assertThat(shown.status()).isEqualTo(1);
    assertThat(shown.output()).startsWith("operation failed on " + first + ": ");
    assertThat(state(second)).isEqualTo("running");
    xe.ok("vm-shutdown", "vm=crowd", "--multiple", "--force");
    assertThat(state(first)).isEqualTo("halted");
    assertThat(xe.run("vm-start", "vm=no such"))
        .isEqualTo(new Shown(1, "", "Error: No matching VMs found\n"));
  }

  @Test
  void whereNoHostTakesAVmEachSaysWhy() {
    String uuid = vm("too large");
    xe.ok("vm-param-set", "uuid=" + uuid, "memory-static-max=1TiB");
    xe.ok("vm-param-set", "uuid=" + uuid, "memory-dynamic-max=1TiB");
    xe.ok("vm-param-set", "uuid=" + uuid, "memory-dynamic-min=1TiB");
    Shown shown = xe.run("vm-start", "uuid=" + uuid);
    assertThat(shown.status()).isEqualTo(1);
    assertThat(shown.output())
        .startsWith("There are no suitable hosts to start this VM on.\n")
        .contains("needed: ");
    for (String host : xe.line("host-list", "params=name-label", "--minimal").split(",")) {
      assertThat(shown.output()).contains(host);
    }
  }

  @Test
  void snapshotsAreTakenAndGoneBackTo() {
    String uuid = vm("kept");
    String snapshot =
        xe.line(
            "vm-snapshot",
            "uuid=" + uuid,
            "new-name-label=before",
            "new-name-description=all was well");
    assertThat(xe.line("snapshot-list", "snapshot-of=" + uuid, "params=uuid", "--minimal"))
        .isEqualTo(snapshot);
    assertThat(xe.line("snapshot-param-get", "uuid=" + snapshot, "param-name=name-description"))
        .isEqualTo("all was well");
    xe.ok("vm-param-set", "uuid=" + uuid, "name-description=all is lost");
    xe.ok("snapshot-revert", "snapshot-uuid=" + snapshot);
    assertThat(xe.line("vm-param-get", "uuid=" + uuid, "param-name=name-description"))
        .isEqualTo("To be installed from a CD image");
    String template = xe.line("snapshot-clone", "uuid=" + snapshot, "new-name-label=from before");
    assertThat(xe.line("template-list", "uuid=" + template, "params=name-label", "--minimal"))
        .isEqualTo("from before");
    xe.ok("snapshot-destroy", "snapshot-uuid=" + snapshot);
    assertThat(xe.line("snapshot-list", "--minimal")).isEmpty();
  }

  @Test
  void helpTellsOfCommands() {
    assertThat(xe.ok("help")).contains("Common command list", "vm-start");
    assertThat(xe.ok("help", "vm-pause"))
        .startsWith("command name            : vm-pause\n")
        .contains("<vm-selectors>");
    assertThat(xe.ok("help", "nothing")).isEqualTo("Unknown command 'nothing'\n");
  }
}
