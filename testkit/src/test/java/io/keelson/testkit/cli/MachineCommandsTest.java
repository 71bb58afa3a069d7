package io.keelson.testkit.cli;

import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.cli.Xe.Shown;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What VMs are told and asked beside their power, and the lesser things that belong to them. */
class MachineCommandsTest {
  private static final String TEMPLATE = "template=Other install media";
  private static final String MIB_128 = "134217728";

  @TempDir private static Path folder;
  private static ServerBox box;
  private static Xe xe;

  @BeforeAll
  static void start() {
    box = ServerBox.simulated(folder, 3).start();
    xe = Xe.of(box);
  }

  @AfterAll
  static void stop() {
    box.close();
  }

  private static String vm(String name) {
    return xe.line("vm-install", TEMPLATE, "new-name-label=" + name);
  }

  private static String get(String vm, String name) {
    return xe.line("vm-param-get", "uuid=" + vm, "param-name=" + name);
  }

  private static String list(String... words) {
    String[] all = new String[words.length + 2];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "params=uuid";
    all[words.length + 1] = "--minimal";
    return xe.line(all);
  }

  @Test
  void aVmIsCreatedAndDestroyedAsARecord() {
    String vm = xe.line("vm-create", "name-label=bare", "name-description=nothing on it");
    assertThat(get(vm, "memory-static-max")).isEqualTo("268435456");
    assertThat(get(vm, "memory-static-min")).isEqualTo(MIB_128);
    assertThat(get(vm, "name-description")).isEqualTo("nothing on it");
    assertThat(get(vm, "actions-after-crash")).isEqualTo("Destroy");
    xe.ok("vm-disk-add", "uuid=" + vm, "disk-size=8MiB", "device=0");
    String disk = xe.line("vbd-list", "vm-uuid=" + vm, "params=vdi-uuid", "--minimal");
    xe.ok("vm-destroy", "uuid=" + vm);
    assertThat(list("vdi-list", "uuid=" + disk)).isEqualTo(disk);
    assertThat(xe.refusal("vm-destroy", "uuid=" + vm)).contains(vm);
  }

  @Test
  void memoryHasItsLimits() {
    String vm = vm("measured");
    xe.ok(
        "vm-memory-limits-set",
        "uuid=" + vm,
        "static-min=64MiB",
        "dynamic-min=128MiB",
        "dynamic-max=256MiB",
        "static-max=512MiB");
    assertThat(get(vm, "memory-static-min")).isEqualTo("67108864");
    assertThat(get(vm, "memory-dynamic-min")).isEqualTo(MIB_128);
    xe.ok("vm-memory-static-range-set", "uuid=" + vm, "min=32MiB", "max=1GiB");
    assertThat(get(vm, "memory-static-max")).isEqualTo("1073741824");
    xe.ok("vm-memory-dynamic-range-set", "uuid=" + vm, "min=64MiB", "max=128MiB");
    assertThat(get(vm, "memory-dynamic-max")).isEqualTo(MIB_128);
    assertThat(xe.refusal("vm-memory-dynamic-range-set", "uuid=" + vm, "min=64", "max=2GiB"))
        .isNotEmpty();
    assertThat(xe.refusal("vm-memory-static-range-set", "uuid=" + vm, "min=x", "max=2GiB"))
        .startsWith("Error: Failed to parse field 'min'");
    xe.ok("vm-memory-target-set", "uuid=" + vm, "target=256MiB");
    assertThat(get(vm, "memory-dynamic-min")).isEqualTo("268435456");
    xe.ok("vm-start", "uuid=" + vm);
    xe.ok("vm-memory-balloon", "uuid=" + vm, "target=128MiB");
    xe.ok("vm-memory-target-wait", "uuid=" + vm);
    assertThat(get(vm, "memory-dynamic-max")).isEqualTo(MIB_128);
    assertThat(xe.line("vm-compute-memory-overhead", "uuid=" + vm)).matches("[0-9]+");
    assertThat(Long.parseLong(xe.line("vm-compute-maximum-memory", "uuid=" + vm, "total=1GiB")))
        .isBetween(1L << 29, 1L << 30);
    xe.ok("vm-memory-shadow-multiplier-set", "uuid=" + vm, "multiplier=2");
    assertThat(get(vm, "HVM-shadow-multiplier")).isEqualTo("2.000");
    xe.ok("vm-shutdown", "uuid=" + vm, "--force");
    assertThat(xe.refusal("vm-memory-target-wait", "uuid=" + vm)).contains("actual: halted");
    assertThat(xe.refusal("vm-memory-shadow-multiplier-set", "uuid=" + vm, "multiplier=two"))
        .isEqualTo("Error: Failed to parse parameter 'multiplier': expecting a float\n");
  }

  @Test
  void processorsArePluggedIn() {
    String vm = vm("with processors");
    xe.ok("vm-param-set", "uuid=" + vm, "VCPUs-max=4");
    xe.ok("vm-start", "uuid=" + vm);
    xe.ok("vm-vcpu-hotplug", "uuid=" + vm, "new-vcpus=3");
    assertThat(get(vm, "VCPUs-number")).isEqualTo("3");
    assertThat(xe.refusal("vm-vcpu-hotplug", "uuid=" + vm, "new-vcpus=9"))
        .startsWith("The machine has more processors than the host can give.\n");
    assertThat(xe.refusal("vm-vcpu-hotplug", "uuid=" + vm, "new-vcpus=many"))
        .isEqualTo("Error: Failed to parse parameter 'new-vcpus': expecting an integer\n");
    xe.ok("vm-shutdown", "uuid=" + vm, "--force");
  }

  @Test
  void whatIsMeasuredOfAVmCanBeAsked() {
    String vm = vm("watched");
    xe.ok("vm-start", "uuid=" + vm);
    assertThat(xe.ok("vm-data-source-list", "uuid=" + vm))
        .contains("name_label          : cpu0\n", "    name_description: ", "units: ");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(xe.line("vm-data-source-query", "uuid=" + vm, "data-source=memory"))
                .matches("[0-9]+\\.[0-9]{6}"));
    xe.ok("vm-data-source-forget", "uuid=" + vm, "data-source=memory");
    xe.ok("vm-data-source-record", "uuid=" + vm, "data-source=memory");
    assertThat(xe.refusal("vm-data-source-query", "uuid=" + vm, "data-source=luck"))
        .contains("luck");
    xe.ok("vm-shutdown", "uuid=" + vm, "--force");
  }

  @Test
  void firmwareTakesAfterAHost() {
    String vm = vm("firm");
    assertThat(xe.line("vm-is-bios-customized", "uuid=" + vm))
        .isEqualTo("The BIOS strings of this VM have not yet been set.");
    String host = list("host-list").split(",")[0];
    xe.ok("vm-copy-bios-strings", "uuid=" + vm, "host-uuid=" + host);
    assertThat(xe.line("vm-is-bios-customized", "uuid=" + vm))
        .isEqualTo("This VM is BIOS-customized.");
    assertThat(xe.refusal("vm-copy-bios-strings", "uuid=" + vm, "host-uuid=" + host))
        .contains("\nreason: the VM has BIOS strings already\nnext step: ");
  }

  @Test
  void whatNeedsSomebodyElseSaysWhoIsMissing() throws Exception {
    String vm = vm("alone");
    assertThat(xe.refusal("vm-retrieve-wlb-recommendations", "uuid=" + vm)).isNotEmpty();
    String file = Files.writeString(folder.resolve("argument"), "of two\nlines").toString();
    xe.ok("vm-start", "uuid=" + vm);
    assertThat(
            xe.refusal(
                "vm-call-plugin",
                "vm-uuid=" + vm,
                "plugin=none",
                "fn=main",
                "args:one=1",
                "args:two:file=" + file))
        .contains("none");
    assertThat(
            xe.refusal(
                "vm-call-plugin", "vm-uuid=" + vm, "plugin=p", "fn=f", "args:two:file=/no such"))
        .isEqualTo("Error: File not found: /no such\n");
    assertThat(xe.refusal("vm-query-services", "uuid=" + vm)).isNotEmpty();
    xe.ok("vm-shutdown", "uuid=" + vm, "--force");
  }

  @Test
  void aVmMovesByItselfAndWithItsDisks() {
    String vm = vm("mover");
    String[] hosts = list("host-list").split(",");
    String here = hosts[0];
    String there = hosts[1];
    xe.ok("vm-start", "uuid=" + vm, "on=" + here);
    assertThat(xe.refusal("vm-migrate", "uuid=" + vm))
        .isEqualTo("Error: No destination host specified\n");
    assertThat(xe.refusal("vm-migrate", "uuid=" + vm, "host=none"))
        .isEqualTo("Error: Host none not found\n");
    xe.ok("vm-migrate", "uuid=" + vm, "host=" + there, "--live");
    assertThat(get(vm, "resident-on")).isEqualTo(there);
    xe.ok("vm-migrate", "uuid=" + vm, "host-uuid=" + here, "live=true");
    assertThat(get(vm, "resident-on")).isEqualTo(here);
    xe.ok("vm-disk-add", "uuid=" + vm, "disk-size=8MiB", "device=0");
    String disk = xe.line("vbd-list", "vm-uuid=" + vm, "params=vdi-uuid", "--minimal");
    String sr = xe.line("vdi-param-get", "uuid=" + disk, "param-name=sr-uuid");
    String[] with = {
      "vm-migrate",
      "uuid=" + vm,
      "remote-master=localhost",
      "remote-username=root",
      "remote-password=" + ServerBox.PASSWORD,
      "host=" + there,
      "live=true"
    };
    assertThat(xe.ok(with))
        .startsWith("Performing a Storage XenMotion migration.")
        .contains("Will migrate to remote host: ")
        .endsWith("VDI " + disk + " -> SR " + sr + "\n");
    assertThat(get(vm, "resident-on")).isEqualTo(there);
    with[2] = "remote-master=192.0.2.9";
    Shown shown = xe.run(with);
    assertThat(shown.status()).isEqualTo(1);
    assertThat(shown.errors()).contains("192.0.2.9 is no host of it");
    xe.ok("vm-shutdown", "uuid=" + vm, "--force");
  }

  @Test
  void dumpsOfCrashesAreListed() {
    String vm = vm("crashes");
    xe.ok("vm-param-set", "uuid=" + vm, "actions-after-crash=coredump_and_destroy");
    assertThat(xe.ok("vm-crashdump-list", "uuid=" + vm)).isEmpty();
    xe.ok("vm-start", "uuid=" + vm);
    try (Api api = box.login(Format.JSON_RPC)) {
      api.call("VM.send_sysrq", api.call("VM.get_by_uuid", text(vm)), text("c"));
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(get(vm, "power-state")).isEqualTo("halted"));
    assertThat(xe.ok("vm-crashdump-list", "uuid=" + vm))
        .startsWith("uuid ( RO)             : ")
        .contains("vm-uuid ( RO): " + vm, "vm-name-label ( RO): crashes", "vdi-uuid ( RO): ");
  }

  @Test
  void aConsoleIsJoined() {
    String vm = vm("talkative");
    assertThat(xe.refusal("console", "uuid=" + vm)).startsWith("Error: ");
    xe.ok("vm-start", "uuid=" + vm);
    assertThat(xe.typing("hello there").ok("console", "uuid=" + vm))
        .startsWith("Connecting to console on VM talkative. Press Ctrl + ']' to quit.\n")
        .endsWith("hello there\n");
    assertThat(xe.refusal("console", "vm=nobody")).isEqualTo("Error: No VM found\n");
    for (String silent : List.of("silent", "mute")) {
      String _ = vm(silent);
    }
    assertThat(xe.refusal("console", "power-state=halted"))
        .isEqualTo("Error: Multiple VMs found: please narrow your request to one VM.\n");
    xe.ok("vm-shutdown", "uuid=" + vm, "--force");
  }

  @Test
  void anApplianceStartsAndStopsItsVms() {
    String appliance = xe.line("appliance-create", "name-label=shop", "name-description=all");
    String vm = vm("front");
    xe.ok("vm-param-set", "uuid=" + vm, "appliance=" + appliance);
    xe.ok("appliance-start", "uuid=" + appliance, "paused=true");
    assertThat(get(vm, "power-state")).isEqualTo("paused");
    xe.ok("vm-unpause", "uuid=" + vm);
    xe.ok("appliance-shutdown", "uuid=" + appliance, "--force");
    assertThat(get(vm, "power-state")).isEqualTo("halted");
    xe.ok("appliance-start", "uuid=" + appliance);
    xe.ok("appliance-shutdown", "uuid=" + appliance);
    assertThat(get(vm, "power-state")).isEqualTo("halted");
    assertThat(xe.refusal("appliance-recover", "uuid=" + appliance))
        .startsWith("Error: A parameter of the form 'database:vdi-uuid=<uuid>'");
    assertThat(xe.refusal("vm-assert-can-be-recovered", "uuid=" + vm))
        .startsWith("Error: A parameter of the form 'database:vdi-uuid=<uuid>'");
    xe.ok("appliance-destroy", "uuid=" + appliance);
    assertThat(xe.refusal("appliance-start", "uuid=" + appliance)).contains(appliance);
    assertThat(get(vm, "appliance")).isEqualTo("<not in database>");
  }

  @Test
  void aPolicyProtectsVms() {
    String policy =
        xe.line(
            "vmpp-create",
            "name-label=nightly",
            "backup-type=snapshot",
            "backup-frequency=daily",
            "backup-schedule:hour=3",
            "backup-schedule:min=30",
            "backup-retention-value=4",
            "is-policy-enabled=false");
    assertThat(
            xe.line(
                "vmpp-param-get", "uuid=" + policy, "param-name=backup-schedule", "param-key=hour"))
        .isEqualTo("3");
    assertThat(list("vmpp-list", "backup-retention-value=4", "is-policy-enabled=false"))
        .isEqualTo(policy);
    xe.ok("vmpp-param-set", "uuid=" + policy, "backup-frequency=hourly", "backup-schedule:min=0");
    String vm = vm("protected");
    xe.ok("vm-param-set", "uuid=" + vm, "protection-policy=" + policy);
    assertThat(get(vm, "protection-policy")).isEqualTo(policy);
    assertThat(get(vm, "is-snapshot-from-vmpp")).isEqualTo("false");
    xe.ok("vm-param-clear", "uuid=" + vm, "param-name=protection-policy");
    xe.ok("vmpp-destroy", "uuid=" + policy);
    assertThat(xe.refusal("vmpp-destroy", "uuid=" + policy)).contains(policy);
    assertThat(
            xe.refusal("vmpp-create", "name-label=x", "backup-type=copy", "backup-frequency=daily"))
        .contains("copy");
  }

  @Test
  void graphicsProcessorsAreSharedOut() {
    String vm = vm("gamer");
    String group = list("gpu-group-list", "name-label=Group of Simulation Simulated GPU GPUs");
    String[] types = list("vgpu-type-list").split(",");
    assertThat(types).isNotEmpty();
    String capacity =
        xe.line("gpu-group-get-remaining-capacity", "uuid=" + group, "vgpu-type-uuid=" + types[0]);
    assertThat(capacity).matches("[0-9]+");
    String vgpu = xe.line("vgpu-create", "vm-uuid=" + vm, "gpu-group-uuid=" + group);
    assertThat(xe.line("vgpu-list", "vm-uuid=" + vm, "--minimal")).isEqualTo(vgpu);
    assertThat(xe.refusal("vgpu-create", "vm-uuid=" + vm, "gpu-group-uuid=" + vm)).contains(vm);
    xe.ok("vgpu-destroy", "uuid=" + vgpu);
    assertThat(list("vgpu-list", "vm-uuid=" + vm)).isEmpty();
    String own = xe.line("gpu-group-create", "name-label=mine", "name-description=empty");
    assertThat(list("gpu-group-list", "name-label=mine")).isEqualTo(own);
    xe.ok("gpu-group-destroy", "uuid=" + own);
    assertThat(xe.refusal("gpu-group-destroy", "uuid=" + own)).contains(own);
    String gpu = list("pgpu-list", "gpu-group-uuid=" + group).split(",")[0];
    xe.ok("pgpu-enable-dom0-access", "uuid=" + gpu);
    assertThat(xe.line("pgpu-param-get", "uuid=" + gpu, "param-name=dom0-access"))
        .isIn("enabled", "enable_on_reboot");
    xe.ok("pgpu-disable-dom0-access", "uuid=" + gpu);
    assertThat(xe.line("pgpu-param-get", "uuid=" + gpu, "param-name=dom0-access"))
        .isIn("disabled", "disable_on_reboot");
  }

  @Test
  void alertsAreRaisedAndDismissed() {
    String vm = vm("alarming");
    xe.ok("message-create", "name=TRIAL", "priority=3", "body=only a trial", "vm-uuid=" + vm);
    String message = list("message-list", "obj-uuid=" + vm, "name=TRIAL");
    assertThat(xe.line("message-param-get", "uuid=" + message, "param-name=body"))
        .isEqualTo("only a trial");
    xe.ok("message-destroy", "uuid=" + message);
    assertThat(list("message-list", "obj-uuid=" + vm, "name=TRIAL")).isEmpty();
    assertThat(xe.refusal("message-create", "name=A", "priority=3", "body=b"))
        .isEqualTo("Error: Need one of: vm-uuid, host-uuid, sr-uuid or pool-uuid\n");
    assertThat(xe.refusal("message-create", "name=A", "priority=low", "body=b", "vm-uuid=" + vm))
        .isEqualTo("Error: Priority field should be an integer\n");
    assertThat(xe.refusal("message-create", "name=A", "priority=3", "body=b", "vm-uuid=none"))
        .contains("none");
  }

  @Test
  void blobsComeAndGoAsFiles() throws Exception {
    String vm = vm("with a blob");
    String blob = xe.line("blob-create", "name=picture", "vm-uuid=" + vm, "mime-type=image/png");
    Path there = Files.writeString(folder.resolve("picture"), "a picture, or so");
    Path back = folder.resolve("picture back");
    assertThat(xe.ok("blob-put", "uuid=" + blob, "filename=" + there))
        .isEqualTo("Blob put succeeded\n");
    assertThat(xe.ok("blob-get", "uuid=" + blob, "filename=" + back))
        .isEqualTo("Blob get succeeded\n");
    assertThat(back).hasSameTextualContentAs(there);
    assertThat(xe.ok("blob-get", "uuid=" + blob, "filename=")).isEqualTo("a picture, or so");
    assertThat(xe.refusal("blob-get", "uuid=" + blob, "filename=" + back))
        .isEqualTo("Operation failed. Error: file '" + back + "' exists already\n");
    assertThat(xe.refusal("blob-put", "uuid=" + blob, "filename=/no such"))
        .isEqualTo("Operation failed. Error: file '/no such' does not exist\n");
    assertThat(xe.refusal("blob-put", "uuid=" + vm, "filename=" + there)).contains(vm);
    assertThat(xe.refusal("blob-create", "name=picture"))
        .isEqualTo("Error: Need one of: vm-uuid, host-uuid, network-uuid, sr-uuid or pool-uuid\n");
    assertThat(list("task-list", "name-label=Blob get")).isEmpty();
    assertThat(Files.readString(back, UTF_8)).isNotEmpty();
  }

  @Test
  void aCheckpointLosesItsMemoryWhenItMust() {
    String vm = vm("checked");
    xe.ok("vm-start", "uuid=" + vm);
    String checkpoint = xe.line("vm-checkpoint", "uuid=" + vm, "new-name-label=point");
    assertThat(xe.refusal("snapshot-reset-powerstate", "snapshot-uuid=" + checkpoint))
        .startsWith("Error: This operation is extremely dangerous");
    xe.ok("snapshot-reset-powerstate", "snapshot-uuid=" + checkpoint, "--force");
    assertThat(xe.line("snapshot-param-get", "uuid=" + checkpoint, "param-name=power-state"))
        .isEqualTo("halted");
    xe.ok("vm-shutdown", "uuid=" + vm, "--force");
  }

  @Test
  void recordsOfVmsTravelWithoutDisks() throws Exception {
    String vm = vm("light");
    Path file = folder.resolve("light.xva");
    assertThat(xe.ok("vm-export", "uuid=" + vm, "filename=" + file, "metadata=true"))
        .isEqualTo("Export succeeded\n");
    assertThat(xe.ok("vm-import", "filename=" + file, "metadata=true", "dry-run=true")).isEmpty();
    String copy = xe.line("vm-import", "filename=" + file, "metadata=true");
    assertThat(get(copy, "name-label")).isEqualTo("light");
    assertThat(xe.refusal("vm-import", "filename=" + file, "dry-run=true"))
        .isEqualTo("Error: Only metadata import function support dry-run\n");
    assertThat(xe.run("vm-import"))
        .isEqualTo(
            new Shown(1, "", "Required parameter not found: filename\nFor usage run: 'xe help'\n"));
    assertThat(
            xe.refusal(
                "vm-import",
                "type=ESXServer",
                "host-username=u",
                "host-password=p",
                "remote-config:a=b"))
        .contains("conversion");
    assertThat(xe.refusal("vm-import", "url=http://127.0.0.1:1/none")).isNotEmpty();
    assertThat(List.of(copy)).doesNotContain(vm);
  }
}
