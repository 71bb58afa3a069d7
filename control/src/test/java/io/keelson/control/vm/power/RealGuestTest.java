package io.keelson.control.vm.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.OnCrashBehaviour;
import io.keelson.api.model.OnNormalExit;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.VmLab;
import io.keelson.host.Domain;
import io.keelson.host.Drivers;
import io.keelson.host.machine.LinuxMachine;
import io.keelson.host.network.LinuxNetwork;
import io.keelson.host.qemu.BootSector;
import io.keelson.host.qemu.QemuCompute;
import io.keelson.host.storage.Storages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** VMs that are QEMU processes with a guest of 512 bytes in them. */
final class RealGuestTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private Drivers drivers;
  private VmLab lab;

  @BeforeEach
  void open() {
    drivers =
        new Drivers(
            QemuCompute.open(folder),
            Storages.local(folder),
            LinuxNetwork.unprivileged(),
            new LinuxMachine());
    lab = VmLab.open(folder, drivers, 1);
  }

  @AfterEach
  void close() {
    for (var row : lab.state().rows(ApiModel.VM).toList()) {
      lab.error("hard_shutdown", row.ref());
    }
    drivers.compute().close();
    lab.close();
  }

  private void restart() {
    drivers.compute().close();
    lab.close();
    open();
  }

  @Test
  void aGuestStartsStopsAndComesBackFromItsMemory() throws Exception {
    Ref<Vm> vm = guest();
    lab.card(vm, 0);
    lab.call("start", vm, false, false);
    awaitUp(vm);
    assertThat(lab.vm(vm).consoles()).hasSize(2);
    var console = lab.vm(vm).consoles().iterator().next();
    assertThat(lab.state().get(ApiModel.CONSOLE, console).location())
        .isEqualTo("https://192.0.2.1/console?ref=" + console.text());

    lab.call("suspend", vm);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.SUSPENDED);
    assertThat(domain(vm)).isEmpty();
    restart();
    lab.call("resume", vm, true, false);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.PAUSED);
    lab.call("unpause", vm);
    lab.call("clean_shutdown", vm);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.HALTED);
    assertThat(lab.vm(vm).consoles()).isEmpty();
    try (var files = Files.walk(folder.resolve("disks"))) {
      assertThat(files.filter(f -> f.toString().endsWith(".memory"))).isEmpty();
    }
  }

  @Test
  void aGuestRebootsAndIsFollowedAcrossARestartOfTheServer() throws Exception {
    Ref<Vm> vm = guest();
    lab.call("start", vm, false, false);
    awaitUp(vm);
    long first = lab.vm(vm).domid();
    lab.call("clean_reboot", vm);
    awaitUp(vm);
    assertThat(lab.vm(vm).domid()).isNotEqualTo(first);
    restart();
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
    lab.call("hard_reboot", vm);
    awaitUp(vm);
    lab.call("hard_shutdown", vm);
    assertThat(domain(vm)).isEmpty();
  }

  @Test
  void killedProcessesLeaveVmsAsTheyAreToBe() throws Exception {
    Ref<Vm> stays = guest();
    Ref<Vm> returns = guest();
    lab.set(stays, b -> b.actionsAfterCrash(OnCrashBehaviour.DESTROY));
    lab.set(returns, b -> b.actionsAfterCrash(OnCrashBehaviour.RESTART));
    lab.call("start", stays, false, false);
    lab.call("start", returns, false, false);
    long before = lab.vm(returns).domid();
    kill(stays);
    kill(returns);
    await().atMost(PATIENCE).until(() -> lab.power(stays) == VmPowerState.HALTED);
    await().atMost(PATIENCE).until(() -> lab.vm(returns).domid() > before);
    assertThat(lab.power(returns)).isEqualTo(VmPowerState.RUNNING);

    lab.set(returns, b -> b.actionsAfterCrash(OnCrashBehaviour.DESTROY));
    await().until(() -> lab.vm(returns).currentOperations().isEmpty());
    drivers.compute().close();
    lab.close();
    kill(returns);
    open();
    await().atMost(PATIENCE).until(() -> lab.power(returns) == VmPowerState.HALTED);
  }

  @Test
  void aPowerCutOvertakesAGuestThatDoesNotShutDown() throws Exception {
    Ref<Vm> deaf = lab.make(b -> b.actionsAfterShutdown(OnNormalExit.DESTROY));
    lab.call("start", deaf, false, false);
    try (ExecutorService client = Executors.newVirtualThreadPerTaskExecutor()) {
      VmLab.Pending asked = lab.begin("clean_shutdown");
      Future<List<String>> answer =
          client.submit(() -> {
            try {
              asked.run(deaf);
              return List.of();
            } catch (ApiError e) {
              return e.description();
            }
          });
      await().until(() -> !lab.vm(deaf).currentOperations().isEmpty());
      lab.call("hard_shutdown", deaf);
      assertThat(answer.get()).containsExactly("TASK_CANCELLED", asked.call().task().text());
    }
    assertThat(lab.power(deaf)).isEqualTo(VmPowerState.HALTED);
  }

  @Test
  void aShutdownThatIsCancelledLeavesTheGuestRunning() throws Exception {
    Ref<Vm> deaf = lab.make();
    lab.call("start", deaf, false, false);
    VmLab.Pending asked = lab.begin("clean_shutdown");
    asked.call().cancel();
    List<String> error = List.of();
    try {
      asked.run(deaf);
    } catch (ApiError e) {
      error = e.description();
    }
    assertThat(error).containsExactly("TASK_CANCELLED", asked.call().task().text());
    assertThat(lab.power(deaf)).isEqualTo(VmPowerState.RUNNING);
    assertThat(lab.vm(deaf).currentOperations()).isEmpty();
  }

  /** A VM with the guest on its disk. */
  private Ref<Vm> guest() throws Exception {
    Ref<Vm> vm =
        lab.make(b ->
            b.hvmBootParams(Map.of("order", "c"))
                .actionsAfterReboot(OnNormalExit.RESTART)
                .memoryStaticMin(8 * VmLab.MIB)
                .memoryDynamicMin(16 * VmLab.MIB)
                .memoryDynamicMax(16 * VmLab.MIB)
                .memoryStaticMax(16 * VmLab.MIB));
    Ref<Vdi> disk = lab.volume();
    Path raw = Files.createTempFile(folder, "boot", ".img");
    BootSector.writeDisk(raw);
    Process copy =
        new ProcessBuilder(
                "qemu-img",
                "convert",
                "-n",
                "-f",
                "raw",
                "-O",
                "qcow2",
                raw.toString(),
                lab.file(disk).toString())
            .inheritIO()
            .start();
    assertThat(copy.waitFor()).isZero();
    lab.disk(vm, disk, 0, VbdMode.RW);
    return vm;
  }

  private Optional<Domain> domain(Ref<Vm> vm) {
    return drivers.compute().find(lab.hostId(lab.host()), lab.id(vm));
  }

  private void awaitUp(Ref<Vm> vm) {
    Path log = domain(vm).orElseThrow().consoles().serialLog().orElseThrow();
    await().atMost(PATIENCE).until(() -> read(log).contains(BootSector.READY));
  }

  private static String read(Path log) {
    try {
      return Files.readString(log, StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return "";
    }
  }

  /** Kills the VM's own process, and no other. */
  private void kill(Ref<Vm> vm) {
    String id = lab.vm(vm).uuid();
    List<ProcessHandle> processes =
        ProcessHandle.allProcesses()
            .filter(p -> p.info().commandLine().filter(c -> c.contains(id)).isPresent())
            .filter(p -> p.info().command().filter(c -> c.contains("qemu")).isPresent())
            .toList();
    assertThat(processes).hasSize(1);
    processes.getFirst().destroyForcibly();
  }
}
