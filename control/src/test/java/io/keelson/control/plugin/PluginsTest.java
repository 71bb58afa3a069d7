package io.keelson.control.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.control.PlainSink;
import io.keelson.control.vm.VmLab;
import io.keelson.host.Drivers;
import io.keelson.host.plugin.PluginFolder;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts that are run for callers. */
class PluginsTest {
  /** Answers as plugins do; what is asked for decides how. */
  private static final String SCRIPT =
      """
      #!/bin/sh
      say() {
        echo "<?xml version='1.0'?><methodResponse><params><param><value><struct>"
        echo "<member><name>Status</name><value>$1</value></member>"
        echo "<member><name>$2</name><value>$3</value></member>"
        echo "</struct></value></param></params></methodResponse>"
      }
      function=${1#*<methodName>}
      case "${function%%</methodName>*}" in
        repeat) say Success Value "<string>$(echo "$1" | sed 's/&/\\&amp;/g; s/</\\&lt;/g')</string>" ;;
        deny) say Failure ErrorDescription "<array><data>
          <value><string>HOST_IN_USE</string></value><value>h</value></data></array>" ;;
        odd) say Failure ErrorDescription "<array><data>
          <value>MY_OWN</value><value>one</value><value>two</value></data></array>" ;;
        fail) echo out; echo err >&2; exit 3 ;;
        hang) touch "$0.hangs"; sleep 1000 & wait ;;
        leave) sleep 1000 & echo $! >"$0.left"; say Success Value left ;;
        import_convert) echo "$1" >"$0.asked"; say Success Value done ;;
        query) say Success Value "<string>sm http://192.0.2.1/sm
            logs  http://192.0.2.1/logs</string>" ;;
        *) echo nonsense ;;
      esac
      """;

  @TempDir private Path folder;
  private Path plugins;
  private VmLab lab;

  @BeforeEach
  void open() throws IOException {
    plugins = folder.resolve("plugins");
    lab = lab(Duration.ofSeconds(60));
  }

  private VmLab lab(Duration limit) throws IOException {
    Drivers drivers =
        Simulation.open(SimulationPlan.of(1))
            .drivers()
            .with(new PluginFolder(plugins, Optional.empty(), limit));
    return VmLab.open(Files.createTempDirectory(folder, "lab"), drivers, 1);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private Path install(String audience, String name, String mode) throws IOException {
    Path place = Files.createDirectories(plugins.resolve(audience));
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path file = Files.writeString(place.resolve(name), SCRIPT);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private List<String> error(String function) {
    return lab.error("host.call_plugin", lab.host(), "script", function, Map.of());
  }

  @Test
  void aVmsPluginIsToldItsVm() throws IOException {
    install("vm", "script", "rwxr-xr-x");
    Ref<Vm> vm = lab.make();
    assertThat(lab.error("call_plugin", vm, "script", "repeat", Map.of()))
        .containsExactly("VM_BAD_POWER_STATE", vm.text(), "running", "halted");
    lab.call("start", vm, false, false);
    String said =
        "<?xml version=\"1.0\"?><methodCall><methodName>repeat</methodName><params>"
            + "<param><value><string></string></value></param><param><value><struct>"
            + "<member><name>a</name><value><string>1 &lt; 2 &amp; \"so\" on</string></value></member>"
            + "<member><name>vm_uuid</name><value><string>"
            + lab.vm(vm).uuid()
            + "</string></value></member></struct></value></param></params></methodCall>";
    Reply reply =
        lab.call(
            "call_plugin",
            vm,
            "script",
            "repeat",
            Map.of("a", "1 < 2 & \"so\" on", "vm_uuid", "another"));
    assertThat(PlainSink.of(reply)).isEqualTo(said);
    assertThat(lab.vm(vm).currentOperations()).isEmpty();
    assertThat(lab.error("host.call_plugin", lab.host(), "script", "repeat", Map.of()))
        .containsExactly("XENAPI_MISSING_PLUGIN", "script");
  }

  @Test
  void failuresAreTold() throws IOException {
    Path file = install("host", "script", "rwxr-xr-x");
    assertThat(error("deny")).containsExactly("HOST_IN_USE", "h");
    assertThat(error("odd")).containsExactly("XENAPI_PLUGIN_FAILURE", "MY_OWN", "one; two", "");
    assertThat(error("fail"))
        .containsExactly("XENAPI_PLUGIN_FAILURE", "non-zero exit", "out\n", "err\n");
    assertThat(error("talk"))
        .containsExactly("XENAPI_PLUGIN_FAILURE", "no response", "nonsense\n", "");
    assertThat(lab.error("host.call_plugin", lab.host(), "../host/script", "fail", Map.of()))
        .containsExactly("XENAPI_MISSING_PLUGIN", "../host/script");
    Files.writeString(file, "no program");
    assertThat(error("fail")).startsWith("XENAPI_PLUGIN_FAILURE");
  }

  @Test
  void whatOthersMayWriteIsNotRun() throws IOException {
    for (String mode : List.of("rw-r--r--", "rwxrwxr-x", "rwxr-xrwx")) {
      install("host", "script", mode);
      assertThat(error("repeat")).as(mode).containsExactly("XENAPI_MISSING_PLUGIN", "script");
    }
  }

  @Test
  void whatHangsIsEndedAndWhatItLeavesRunningHoldsNobodyUp() throws Exception {
    Path file = install("host", "script", "rwxr-xr-x");
    assertThat(PlainSink.of(lab.call("host.call_plugin", lab.host(), "script", "leave", Map.of())))
        .isEqualTo("left");
    long left = Long.parseLong(Files.readString(Path.of(file + ".left")).strip());
    assertThat(ProcessHandle.of(left).map(ProcessHandle::destroyForcibly)).contains(true);

    VmLab.Pending pending = lab.begin("host.call_plugin");
    CompletableFuture<Throwable> failure =
        CompletableFuture.supplyAsync(
                () -> pending.run(lab.host(), "script", "hang", Map.of()),
                Thread::startVirtualThread)
            .handle((_, thrown) -> thrown);
    await().until(() -> Files.exists(Path.of(file + ".hangs")));
    pending.call().cancel();
    assertThat(failure.get()).hasMessageContaining("TASK_CANCELLED");

    lab.close();
    lab = lab(Duration.ofMillis(300));
    assertThat(error("hang")).startsWith("XENAPI_PLUGIN_FAILURE", "timeout");
  }

  @Test
  void otherOperationsSeeThatAPluginRuns() throws Exception {
    Path file = install("vm", "script", "rwxr-xr-x");
    Ref<Vm> vm = lab.make();
    lab.call("start", vm, false, false);
    VmLab.Pending pending = lab.begin("call_plugin");
    CompletableFuture<Throwable> failure =
        CompletableFuture.supplyAsync(
                () -> pending.run(vm, "script", "hang", Map.of()), Thread::startVirtualThread)
            .handle((_, thrown) -> thrown);
    await().until(() -> Files.exists(Path.of(file + ".hangs")));
    assertThat(lab.vm(vm).currentOperations()).containsValue(VmOperations.CALL_PLUGIN);
    assertThat(lab.error("pause", vm)).startsWith("OTHER_OPERATION_IN_PROGRESS", "VM", vm.text());
    pending.call().cancel();
    assertThat(failure.get()).isNotNull();
  }

  @Test
  void machinesOfOtherProductsAreAPluginsAffair() throws IOException {
    assertThat(convert()).containsExactly("XENAPI_MISSING_PLUGIN", "conversion");
    Path file = install("host", "conversion", "rwxr-xr-x");
    assertThat(convert()).isEmpty();
    assertThat(Files.readString(Path.of(file + ".asked")))
        .contains("<name>type</name><value><string>VMware</string>")
        .contains("<name>password</name><value><string>p</string>")
        .contains("<name>name</name><value><string>old</string>")
        .contains(lab.repository().toString());
  }

  private List<String> convert() {
    return lab.error("import_convert", "VMware", "u", "p", lab.sr(), Map.of("name", "old"));
  }

  @Test
  void systemDomainsSayWhatTheyServe() throws IOException {
    Ref<Vm> vm = lab.make();
    assertThat(lab.error("query_services", vm)).containsExactly("NOT_SYSTEM_DOMAIN", vm.text());
    lab.set(vm, b -> b.otherConfig(Map.of("is_system_domain", "true")));
    assertThat(lab.error("query_services", vm))
        .containsExactly("XENAPI_MISSING_PLUGIN", "services");
    install("vm", "services", "rwxr-xr-x");
    assertThat(PlainSink.of(lab.call("query_services", vm)))
        .isEqualTo(Map.of("sm", "http://192.0.2.1/sm", "logs", "http://192.0.2.1/logs"));
  }
}
