package io.keelson.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.cli.Xe.Shown;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks, CDs and network cards of VMs: vm-disk, vm-cd, cd, vbd, vif and vm-vif commands. */
class DriveCommandsTest {
  private static final String CD = "simulated.iso";

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

  private static String vm(String name) {
    return xe.line("vm-install", "template=Other install media", "new-name-label=" + name);
  }

  private static String find(String list, String... filters) {
    String[] words = new String[filters.length + 3];
    words[0] = list;
    words[1] = "params=uuid";
    words[2] = "--minimal";
    System.arraycopy(filters, 0, words, 3, filters.length);
    return xe.line(words);
  }

  private static String get(String kind, String uuid, String name) {
    return xe.line(kind + "-param-get", "uuid=" + uuid, "param-name=" + name);
  }

  @Test
  void aDiskIsAddedListedAndRemoved() {
    String vm = vm("with a disk");
    String sr = find("sr-list", "content-type=user");
    xe.ok("vm-disk-add", "vm=with a disk", "disk-size=16MiB", "device=1");
    String vbd = find("vbd-list", "vm-uuid=" + vm, "type=Disk");
    String vdi = get("vbd", vbd, "vdi-uuid");
    assertThat(xe.ok("vm-disk-list", "uuid=" + vm))
        .isEqualTo(
            """
            Disk 0 VBD:
            uuid ( RO)             : %s
                vm-name-label ( RO): with a disk
                   userdevice ( RW): 1


            Disk 0 VDI:
            uuid ( RO)             : %s
                   name-label ( RW): Created by xe
                sr-name-label ( RO): %s
                 virtual-size ( RO): 16777216


            """
                .formatted(vbd, vdi, get("sr", sr, "name-label")));
    assertThat(xe.line("vm-disk-list", "uuid=" + vm, "vbd-params=mode", "vdi-params=type"))
        .contains("mode ( RW)    : RW", "type ( RO)    : User");
    assertThat(get("vbd", vbd, "other-config")).isEqualTo("owner:");
    assertThat(get("vdi", vdi, "sm-config")).contains("vmhint: " + vm);
    assertThat(xe.refusal("vm-disk-remove", "uuid=" + vm, "device=5"))
        .isEqualTo("Error: Disk not found\n");
    xe.ok("vm-disk-remove", "uuid=" + vm, "device=1");
    assertThat(find("vdi-list", "uuid=" + vdi)).isEmpty();
    assertThat(find("vbd-list", "uuid=" + vbd)).isEmpty();
  }

  @Test
  void aDiskThatTheVmDoesNotTakeIsNotLeftBehind() {
    String vm = vm("picky");
    String sr = find("sr-list", "content-type=user");
    assertThat(
            xe.refusal(
                "vm-disk-add", "uuid=" + vm, "disk-size=16MiB", "device=none", "sr-uuid=" + sr))
        .contains("none");
    assertThat(find("vdi-list", "name-label=Created by xe", "sm-config:vmhint=" + vm)).isEmpty();
    assertThat(xe.refusal("vm-disk-add", "uuid=" + vm, "disk-size=much", "device=1"))
        .isEqualTo(
            "Error: Failed to parse field 'disk-size': expecting an integer (possibly with suffix"
                + " KiB, MiB, GiB or TiB)\n");
  }

  @Test
  void aVmThatRunsSeesItsNewDiskAtOnce() {
    String vm = vm("that runs");
    xe.ok("vm-start", "uuid=" + vm);
    xe.ok("vm-disk-add", "uuid=" + vm, "disk-size=16MiB", "device=2");
    String vbd = find("vbd-list", "vm-uuid=" + vm, "userdevice=2");
    assertThat(get("vbd", vbd, "currently-attached")).isEqualTo("true");
    xe.ok("vbd-unplug", "uuid=" + vbd, "timeout=10");
    assertThat(get("vbd", vbd, "currently-attached")).isEqualTo("false");
    assertThat(xe.refusal("vbd-unplug", "uuid=" + vbd, "timeout=soon"))
        .isEqualTo("Error: Failed to parse parameter 'timeout': expecting a float\n");
    xe.ok("vbd-plug", "uuid=" + vbd);
    assertThat(get("vbd", vbd, "currently-attached")).isEqualTo("true");
    assertThat(xe.refusal("vbd-destroy", "uuid=" + vbd)).contains(vbd);
    xe.ok("vbd-unplug", "uuid=" + vbd, "--force");
    xe.ok("vm-disk-remove", "uuid=" + vm, "device=2");
    xe.ok("vm-shutdown", "uuid=" + vm, "--force");
  }

  @Test
  void cdsAreAddedEjectedAndInserted() {
    String vm = vm("with a CD");
    String cd = find("vdi-list", "name-label=" + CD);
    assertThat(xe.ok("cd-list"))
        .isEqualTo(
            """
            uuid ( RO)          : %s
                name-label ( RW): simulated.iso


            """
                .formatted(cd));
    xe.ok("vm-cd-add", "uuid=" + vm, "cd-name=" + CD, "device=3");
    String vbd = find("vbd-list", "vm-uuid=" + vm, "type=CD");
    assertThat(get("vbd", vbd, "mode")).isEqualTo("RO");
    assertThat(xe.ok("vm-cd-list", "uuid=" + vm, "vdi-params=name-label"))
        .isEqualTo(
            """
            CD 0 VBD:
            uuid ( RO)             : %s
                vm-name-label ( RO): with a CD
                        empty ( RO): false
                   userdevice ( RW): 3


            CD 0 VDI:
            name-label ( RW)    : simulated.iso


            """
                .formatted(vbd));
    assertThat(xe.refusal("vm-cd-insert", "uuid=" + vm, "cd-name=" + CD))
        .isEqualTo("Error: No empty CD devices found\n");
    assertThat(xe.refusal("vm-cd-insert", "uuid=" + vm, "cd-name=no such"))
        .isEqualTo("Error: CD no such not found\n");
    xe.ok("vm-cd-eject", "uuid=" + vm);
    assertThat(get("vbd", vbd, "empty")).isEqualTo("true");
    assertThat(xe.ok("vm-cd-list", "uuid=" + vm)).doesNotContain("VDI:");
    xe.ok("vm-cd-insert", "uuid=" + vm, "cd-name=" + CD);
    assertThat(get("vbd", vbd, "vdi-uuid")).isEqualTo(cd);
    xe.ok("vbd-eject", "uuid=" + vbd);
    xe.ok("vbd-insert", "uuid=" + vbd, "vdi-uuid=" + cd);
    assertThat(get("vbd", vbd, "vdi-name-label")).isEqualTo(CD);
    assertThat(xe.refusal("vm-cd-remove", "uuid=" + vm, "cd-name=<EMPTY>"))
        .isEqualTo("Error: Disk not found\n");
    xe.ok("vm-cd-remove", "uuid=" + vm, "cd-name=" + CD);
    assertThat(find("vbd-list", "vm-uuid=" + vm)).isEmpty();
    assertThat(find("vdi-list", "uuid=" + cd)).isEqualTo(cd);
    assertThat(xe.refusal("vm-cd-add", "uuid=" + vm, "cd-name=no such", "device=3"))
        .isEqualTo("Error: CD no such not found!\n");
    assertThat(xe.refusal("vm-cd-eject", "uuid=" + vm)).isEqualTo("Error: No CDs found\n");
  }

  @Test
  void whereSeveralDrivesFitTheUserChooses() {
    String vm = vm("with two drives");
    xe.ok("vbd-create", "vm-uuid=" + vm, "device=2", "type=cd", "mode=ro");
    xe.ok("vbd-create", "vm-uuid=" + vm, "device=3", "type=CD", "mode=RO");
    assertThat(xe.refusal("vm-cd-insert", "uuid=" + vm, "cd-name=" + CD))
        .isEqualTo("Error: Two or more empty CD devices found. Please use vbd-insert\n");
    assertThat(xe.refusal("vm-cd-eject", "uuid=" + vm))
        .isEqualTo("Error: Two or more CDs found. Please use vbd-eject\n");
    xe.ok("vm-cd-remove", "uuid=" + vm, "cd-name=<EMPTY>");
    assertThat(find("vbd-list", "vm-uuid=" + vm)).hasSize(36);
  }

  @Test
  void drivesAreMadeAsTheyAreAskedFor() {
    String vm = vm("with drives");
    String sr = find("sr-list", "content-type=user");
    String vdi = xe.line("vdi-create", "sr-uuid=" + sr, "name-label=own", "virtual-size=8MiB");
    String vbd =
        xe.line(
            "vbd-create",
            "vm-uuid=" + vm,
            "device=0",
            "vdi-uuid=" + vdi,
            "bootable=true",
            "mode=RO",
            "unpluggable=false");
    assertThat(get("vbd", vbd, "vdi-uuid")).isEqualTo(vdi);
    assertThat(get("vbd", vbd, "bootable")).isEqualTo("true");
    assertThat(get("vbd", vbd, "mode")).isEqualTo("RO");
    assertThat(get("vbd", vbd, "type")).isEqualTo("Disk");
    assertThat(get("vbd", vbd, "unpluggable")).isEqualTo("false");
    xe.ok("vbd-destroy", "uuid=" + vbd);
    assertThat(find("vdi-list", "uuid=" + vdi)).isEqualTo(vdi);
    assertThat(xe.refusal("vbd-create", "vm-uuid=" + vm, "device=1"))
        .isEqualTo("Error: Empty VBDs can only be made for type=CD\n");
    assertThat(xe.refusal("vbd-create", "vm-uuid=" + vm, "device=1", "type=floppy"))
        .isEqualTo("Error: Unknown type: floppy (should be \"cd\" or \"disk\")\n");
    assertThat(xe.run("vbd-create", "vm-uuid=" + vm))
        .isEqualTo(
            new Shown(1, "", "Required parameter not found: device\nFor usage run: 'xe help'\n"));
  }

  @Test
  void networkCardsComeAndGo() {
    String vm = vm("with a card");
    String network = find("network-list").split(",")[0];
    String vif =
        xe.line(
            "vif-create",
            "vm-uuid=" + vm,
            "network-uuid=" + network,
            "device=0",
            "mac=02:00:00:00:00:99");
    assertThat(xe.ok("vm-vif-list", "uuid=" + vm))
        .isEqualTo(
            """
            uuid ( RO)                  : %s
                     vm-name-label ( RO): with a card
                            device ( RO): 0
                               MAC ( RO): 02:00:00:00:00:99
                      network-uuid ( RO): %s
                network-name-label ( RO): %s


            """
                .formatted(vif, network, get("network", network, "name-label")));
    String random =
        xe.line("vif-create", "vm-uuid=" + vm, "network-uuid=" + network, "device=1", "mac=random");
    assertThat(get("vif", random, "MAC")).matches("[0-9a-f][26ae](:[0-9a-f]{2}){5}");
    xe.ok("vif-destroy", "uuid=" + random);
    xe.ok(
        "vif-configure-ipv4",
        "uuid=" + vif,
        "mode=static",
        "address=192.0.2.7/24",
        "gateway=192.0.2.1");
    xe.ok("vif-configure-ipv6", "uuid=" + vif, "mode=static", "address=2001:db8::7/64");
    assertThat(get("vif", vif, "ipv4-configuration-mode")).isEqualTo("Static");
    assertThat(xe.refusal("vif-configure-ipv4", "uuid=" + vif, "mode=static", "address=x"))
        .isEqualTo(
            """
            The parameter is no IP address.
            parameter: address
            next step: Write the address as numbers, such as 192.0.2.7, without a name or a prefix length.
            """);
    xe.ok("vif-configure-ipv4", "uuid=" + vif, "mode=none");
    xe.ok("vm-start", "uuid=" + vm);
    xe.ok("vif-unplug", "uuid=" + vif);
    assertThat(get("vif", vif, "currently-attached")).isEqualTo("false");
    xe.ok("vif-plug", "uuid=" + vif);
    assertThat(get("vif", vif, "currently-attached")).isEqualTo("true");
    assertThat(xe.refusal("vif-destroy", "uuid=" + vif)).contains(vif);
    xe.ok("vif-unplug", "uuid=" + vif, "--force");
    xe.ok("vif-destroy", "uuid=" + vif);
    assertThat(xe.ok("vm-vif-list", "uuid=" + vm)).isEmpty();
    assertThat(xe.refusal("vm-vif-list", "vm=nobody")).isEqualTo("Error: No matching VMs found\n");
    xe.ok("vm-shutdown", "uuid=" + vm, "--force");
  }
}
