package io.keelson.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Disks and VMs as files, with real disks: vdi-import, vdi-export, vm-export, vm-import. */
@RunsOn(hosts = 0)
@EnabledIf(value = "qemuThere", disabledReason = "no QEMU here")
class FileCommandsTest {
  private static final int SIZE = 4 << 20;

  @TempDir private Path folder;

  private final Xe xe;
  private final List<String> made = new ArrayList<>();

  FileCommandsTest(ServerBox box) {
    this.xe = Xe.of(box);
  }

  static boolean qemuThere() {
    return Files.isExecutable(Path.of("/usr/bin/qemu-nbd"))
        && Files.isExecutable(Path.of("/usr/bin/qemu-system-x86_64"));
  }

  @AfterEach
  void tidy() {
    made.forEach(vm -> xe.run("vm-uninstall", "uuid=" + vm, "--force"));
  }

  private String vm(String name) {
    String vm = xe.line("vm-create", "name-label=" + name);
    made.add(vm);
    xe.ok("vm-disk-add", "uuid=" + vm, "disk-size=4MiB", "device=0");
    return vm;
  }

  private String disk(String vm) {
    return xe.line("vbd-list", "vm-uuid=" + vm, "params=vdi-uuid", "--minimal");
  }

  private Path image(int seed) throws IOException {
    byte[] bytes = new byte[SIZE];
    new Random(seed).nextBytes(bytes);
    return Files.write(folder.resolve("image" + seed), bytes);
  }

  private Path fresh(String name) {
    return folder.resolve(name);
  }

  private void holds(String vdi, Path image) {
    Path back = fresh("back of " + vdi);
    xe.ok("vdi-export", "uuid=" + vdi, "filename=" + back);
    assertThat(back).hasSameBinaryContentAs(image);
  }

  @Test
  void aDiskTravelsThroughFiles() throws IOException {
    String vdi = disk(vm("of files"));
    Path image = image(1);
    assertThat(xe.ok("vdi-import", "uuid=" + vdi, "filename=" + image, "--progress")).isEmpty();
    holds(vdi, image);
    Path packed = fresh("packed.vhd");
    xe.ok("vdi-export", "uuid=" + vdi, "filename=" + packed, "format=vhd");
    String other = disk(vm("of others"));
    xe.ok("vdi-import", "uuid=" + other, "filename=" + packed, "format=vhd");
    holds(other, image);
    String snapshot = xe.line("vdi-snapshot", "uuid=" + vdi);
    Path change = fresh("change.vhd");
    xe.ok("vdi-export", "uuid=" + vdi, "filename=" + change, "format=vhd", "base=" + snapshot);
    assertThat(Files.size(change)).isLessThan(SIZE);
    xe.ok("vdi-destroy", "uuid=" + snapshot);
  }

  @Test
  void whatGoesWrongOnTheWayIsTold() throws IOException {
    String vdi = disk(vm("of trouble"));
    Path image = image(2);
    Path none = fresh("none");
    assertThat(xe.refusal("vdi-import", "uuid=" + vdi, "filename=" + none))
        .isEqualTo("Operation failed. Error: file '" + none + "' does not exist\n");
    assertThat(xe.refusal("vdi-import", "uuid=" + vdi, "filename=" + image, "format=floppy"))
        .contains("floppy");
    Path large = Files.write(fresh("large"), new byte[2 * SIZE]);
    assertThat(xe.refusal("vdi-import", "uuid=" + vdi, "filename=" + large)).isNotEmpty();
    assertThat(xe.refusal("vdi-export", "uuid=" + vdi, "filename=" + image))
        .isEqualTo("Operation failed. Error: file '" + image + "' exists already\n");
    assertThat(xe.line("task-list", "name-label=VDI import", "--minimal")).isEmpty();
    xe.ok("vdi-import", "uuid=" + vdi, "filename=" + image);
    holds(vdi, image);
  }

  @Test
  void aDiskGrowsUnderARunningVm() {
    String vm = vm("of growth");
    String vdi = disk(vm);
    xe.ok("vm-param-set", "uuid=" + vm, "HVM-boot-policy=BIOS order");
    xe.ok("vm-start", "uuid=" + vm);
    xe.ok("vdi-resize", "uuid=" + vdi, "disk-size=8MiB", "online=true");
    assertThat(xe.line("vdi-param-get", "uuid=" + vdi, "param-name=virtual-size"))
        .isEqualTo("8388608");
  }

  @Test
  void aVmTravelsThroughAFile() throws IOException {
    String vm = vm("of travels");
    Path image = image(3);
    xe.ok("vdi-import", "uuid=" + disk(vm), "filename=" + image);
    Path archive = fresh("travels.xva");
    assertThat(xe.ok("vm-export", "uuid=" + vm, "filename=" + archive))
        .isEqualTo("Export succeeded\n");
    String copy = xe.line("vm-import", "filename=" + archive);
    made.add(copy);
    assertThat(copy).isNotEqualTo(vm);
    assertThat(xe.line("vm-param-get", "uuid=" + copy, "param-name=name-label"))
        .isEqualTo("of travels");
    holds(disk(copy), image);
    Path packed = fresh("packed.xva");
    xe.ok("vm-export", "uuid=" + vm, "filename=" + packed, "compress=zstd");
    assertThat(Files.readAllBytes(packed)).startsWith(0x28, 0xb5, 0x2f, 0xfd);
    String again = xe.line("vm-import", "filename=" + packed, "preserve=true");
    made.add(again);
    holds(disk(again), image);
    Path broken = Files.write(fresh("broken.xva"), new byte[4096]);
    assertThat(xe.refusal("vm-import", "filename=" + broken)).isNotEmpty();
    assertThat(xe.refusal("vm-export", "uuid=" + vm, "filename=" + packed))
        .isEqualTo("Operation failed. Error: file '" + packed + "' exists already\n");
  }

  @Test
  void severalVmsGoToAFileEach() {
    vm("of a pair");
    vm("of a pair");
    Path file = fresh("pair");
    assertThat(xe.ok("vm-export", "vm=of a pair", "filename=" + file, "--multiple"))
        .isEqualTo("Export succeeded\nExport succeeded\n");
    assertThat(file).exists();
    assertThat(fresh("pair2")).exists();
  }

  @Test
  void snapshotsAndTemplatesGoToFiles() {
    String vm = vm("of moments");
    String snapshot = xe.line("vm-snapshot", "uuid=" + vm, "new-name-label=moment");
    Path moment = fresh("moment");
    assertThat(
            xe.ok("snapshot-export-to-template", "snapshot-uuid=" + snapshot, "filename=" + moment))
        .isEqualTo("Export succeeded\n");
    String template = xe.line("vm-import", "filename=" + moment);
    assertThat(xe.line("vm-param-get", "uuid=" + template, "param-name=is-a-template"))
        .isEqualTo("true");
    Path form = fresh("form");
    assertThat(xe.ok("template-export", "template-uuid=" + template, "filename=" + form))
        .isEqualTo("Export succeeded\n");
    assertThat(form).isNotEmptyFile();
    xe.ok("template-uninstall", "template-uuid=" + template, "--force");
    assertThat(xe.refusal("template-export", "template-uuid=" + template, "filename=x"))
        .contains(template);
  }
}
