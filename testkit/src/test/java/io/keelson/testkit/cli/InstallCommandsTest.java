package io.keelson.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.cli.Xe.Shown;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** VMs made of templates and taken away with what is theirs. */
class InstallCommandsTest {
  private static final String DEBIAN = "Debian Bookworm 12";

  @TempDir private static Path folder;
  private static ServerBox box;
  private static Xe xe;

  @BeforeAll
  static void start() {
    box = ServerBox.simulated(folder, 1).start();
    xe = Xe.of(box);
  }

  @AfterAll
  static void stop() {
    box.close();
  }

  private static String install(String name, String... more) {
    String[] words = new String[more.length + 3];
    words[0] = "vm-install";
    words[1] = "template=" + DEBIAN;
    words[2] = "new-name-label=" + name;
    System.arraycopy(more, 0, words, 3, more.length);
    return xe.line(words);
  }

  private static String get(String vm, String name) {
    return xe.line("vm-param-get", "uuid=" + vm, "param-name=" + name);
  }

  private static String disk(String vm) {
    return xe.line("vbd-list", "vm-uuid=" + vm, "type=Disk", "params=vdi-uuid", "--minimal");
  }

  private static String there(String vdi) {
    return xe.line("vdi-list", "uuid=" + vdi, "params=uuid", "--minimal");
  }

  @Test
  void aVmIsInstalledWithTheDisksOfItsTemplate() {
    String sr = xe.line("sr-list", "content-type=user", "params=uuid", "--minimal");
    String host = xe.line("host-list", "params=uuid", "--minimal");
    String vm =
        xe.line(
            "vm-install",
            "template-name-label=" + DEBIAN,
            "new-name-label=installed",
            "copy-bios-strings-from=" + host);
    assertThat(get(vm, "name-description")).isEqualTo("Installed via xe CLI");
    assertThat(get(vm, "is-a-template")).isEqualTo("false");
    String vdi = disk(vm);
    assertThat(xe.line("vdi-param-get", "uuid=" + vdi, "param-name=virtual-size"))
        .isEqualTo("10737418240");
    assertThat(xe.line("vm-is-bios-customized", "uuid=" + vm))
        .isEqualTo("This VM is BIOS-customized.");
    String template = xe.line("template-list", "name-label=" + DEBIAN, "params=uuid", "--minimal");
    String placed =
        xe.line(
            "vm-install",
            "template-uuid=" + template,
            "new-name-label=placed",
            "sr-uuid=" + sr,
            "sr-name-label=Local storage");
    assertThat(get(placed, "suspend-SR-uuid")).isEqualTo(sr);
    assertThat(xe.line("vdi-param-get", "uuid=" + disk(placed), "param-name=sr-uuid"))
        .isEqualTo(sr);
  }

  @Test
  void whatCannotBeInstalledLeavesNothingBehind() {
    String before = xe.line("vm-list", "params=uuid", "--minimal");
    assertThat(xe.refusal("vm-install", "new-name-label=x"))
        .startsWith("Error: Template must be specified by parameter 'template-uuid'");
    assertThat(xe.refusal("vm-install", "new-name-label=x", "template=none"))
        .isEqualTo("Error: No templates matched\n");
    assertThat(xe.refusal("vm-install", "new-name-label=x", "template-uuid=none"))
        .isEqualTo("Error: Cannot find template\n");
    assertThat(xe.refusal("vm-install", "new-name-label=x", "template=" + install("no template")))
        .isEqualTo("Error: Can only install from templates\n");
    assertThat(
            xe.refusal(
                "vm-install", "new-name-label=x", "template=" + DEBIAN, "sr-name-label=none"))
        .isEqualTo("Error: No SR with that name-label found\n");
    String iso = xe.line("sr-list", "content-type=iso", "params=uuid", "--minimal");
    String disks = xe.line("vdi-list", "params=uuid", "--minimal");
    assertThat(xe.refusal("vm-install", "new-name-label=x", "template=" + DEBIAN, "sr-uuid=" + iso))
        .isNotEmpty();
    assertThat(xe.line("vdi-list", "params=uuid", "--minimal").split(","))
        .containsExactlyInAnyOrder(disks.split(","));
    assertThat(xe.line("vm-list", "name-label=x", "params=uuid", "--minimal")).isEmpty();
    assertThat(before).isNotNull();
  }

  @Test
  void aVmIsUninstalledWithItsDisksAfterAWord() {
    String vm = install("to go");
    String owned = disk(vm);
    String sr = xe.line("sr-list", "content-type=user", "params=uuid", "--minimal");
    String kept = xe.line("vdi-create", "sr-uuid=" + sr, "name-label=kept", "virtual-size=8MiB");
    xe.ok("vbd-create", "vm-uuid=" + vm, "device=1", "vdi-uuid=" + kept);
    String snapshot = xe.line("vm-snapshot", "uuid=" + vm, "new-name-label=of it");
    String frozen = xe.line("vdi-list", "snapshot-of=" + owned, "params=uuid", "--minimal");
    xe.ok("vm-start", "uuid=" + vm);
    String items =
        """
        The following items are about to be destroyed
        VM : %s (to go)
        VDI: %s (to go 0)\s
        VM : %s (of it)
        VDI: %s (to go 0)\s
        """
            .formatted(vm, owned, snapshot, frozen);
    assertThat(xe.typing("no").run("vm-uninstall", "uuid=" + vm))
        .isEqualTo(new Shown(1, items + "Type 'yes' to continue\nAborted (you typed: 'no')\n", ""));
    assertThat(get(vm, "power-state")).isEqualTo("running");
    assertThat(xe.typing("yes").ok("vm-uninstall", "uuid=" + vm))
        .isEqualTo(items + "Type 'yes' to continue\nAll objects destroyed\n");
    assertThat(there(owned)).isEmpty();
    assertThat(there(frozen)).isEmpty();
    assertThat(there(kept)).isEqualTo(kept);
    assertThat(xe.refusal("vm-param-get", "uuid=" + vm, "param-name=uuid")).contains(vm);
  }

  @Test
  void aDiskOfTwoVmsIsWarnedOf() {
    String vm = install("owner");
    String second = install("borrower");
    xe.ok("vbd-create", "vm-uuid=" + second, "device=1", "vdi-uuid=" + disk(vm), "mode=RO");
    assertThat(xe.ok("vm-uninstall", "uuid=" + vm, "--force"))
        .contains("(owner 0)  ** WARNING: disk is shared by other VMs\n")
        .endsWith("All objects destroyed\n")
        .doesNotContain("Type 'yes'");
  }

  @Test
  void templatesAndSnapshotsGoWithTheirDisks() {
    String vm = install("stays");
    String snapshot = xe.line("vm-snapshot", "uuid=" + vm, "new-name-label=snap");
    String frozen = disk(snapshot);
    assertThat(xe.ok("snapshot-disk-list", "snapshot-uuid=" + snapshot))
        .startsWith("Disk 0 VBD:\n")
        .contains(frozen);
    xe.ok("snapshot-uninstall", "snapshot-uuid=" + snapshot, "force=true");
    assertThat(there(frozen)).isEmpty();
    String template = xe.line("vm-clone", "uuid=" + vm, "new-name-label=own template");
    xe.ok("vm-param-set", "uuid=" + template, "is-a-template=true");
    String own = disk(template);
    String made =
        xe.line("vm-install", "template=" + template, "new-name-label=of an own template");
    xe.ok("template-uninstall", "template-uuid=" + template, "--force");
    assertThat(there(own)).isEmpty();
    assertThat(there(disk(made))).isNotEmpty();
    assertThat(xe.refusal("template-uninstall", "template-uuid=" + template, "--force"))
        .contains(template);
    assertThat(there(disk(vm))).isNotEmpty();
  }
}
