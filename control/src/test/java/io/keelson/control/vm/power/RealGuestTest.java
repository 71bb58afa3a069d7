package io.keelson.control.vm.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.OnCrashBehaviour;
import io.keelson.api.model.OnNormalExit;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.VmLab;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** VMs that are QEMU processes with a guest of 512 bytes in them. */
final class RealGuestTest {
  private static final Duration PATIENCE = RealLab.PATIENCE;

  @TempDir private Path folder;
  private RealLab real;
  private VmLab lab;

  @BeforeEach
  void open() {
    real = RealLab.open(folder);
    lab = real.lab();
  }

  @AfterEach
  void close() {
    real.close();
  }

  private void restart() {
    real.leave();
    open();
  }

  @Test
  void aGuestStartsStopsAndComesBackFromItsMemory() throws Exception {
    Ref<Vm> vm = real.guest();
    lab.card(vm, 0);
    lab.call("start", vm, false, false);
    real.awaitUp(vm);
    assertThat(lab.vm(vm).consoles()).hasSize(2);
    var console = lab.vm(vm).consoles().iterator().next();
    assertThat(lab.state().get(ApiModel.CONSOLE, console).location())
        .isEqualTo("https://192.0.2.1/console?ref=" + console.text());

    lab.call("suspend", vm);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.SUSPENDED);
    assertThat(real.domain(vm)).isEmpty();
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
    Ref<Vm> vm = real.guest();
    lab.call("start", vm, false, false);
    real.awaitUp(vm);
    long first = lab.vm(vm).domid();
    lab.call("clean_reboot", vm);
    real.awaitUp(vm);
    assertThat(lab.vm(vm).domid()).isNotEqualTo(first);
    restart();
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
    lab.call("hard_reboot", vm);
    real.awaitUp(vm);
    lab.call("hard_shutdown", vm);
    assertThat(real.domain(vm)).isEmpty();
  }

  @Test
  void killedProcessesLeaveVmsAsTheyAreToBe() throws Exception {
    Ref<Vm> stays = real.guest();
    Ref<Vm> returns = real.guest();
    lab.set(stays, b -> b.actionsAfterCrash(OnCrashBehaviour.DESTROY));
    lab.set(returns, b -> b.actionsAfterCrash(OnCrashBehaviour.RESTART));
    lab.call("start", stays, false, false);
    lab.call("start", returns, false, false);
    long before = lab.vm(returns).domid();
    real.kill(stays);
    real.kill(returns);
    await().atMost(PATIENCE).until(() -> lab.power(stays) == VmPowerState.HALTED);
    await().atMost(PATIENCE).until(() -> lab.vm(returns).domid() > before);
    assertThat(lab.power(returns)).isEqualTo(VmPowerState.RUNNING);

    lab.set(returns, b -> b.actionsAfterCrash(OnCrashBehaviour.DESTROY));
    await().until(() -> lab.vm(returns).currentOperations().isEmpty());
    real.leave();
    real.kill(returns);
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
}
