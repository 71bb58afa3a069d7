package io.keelson.control.vm.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.OnCrashBehaviour;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.VmLab;
import io.keelson.host.qemu.BootSector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests in QEMU that tell their panic device. */
final class RealCrashTest {
  private static final int ELF = 0x464c457f;
  private static final int TYPE_AT = 16;
  private static final int CORE = 4;

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

  @Test
  void theCoreOfAPanicIsAnElfFileWithTheGuestsMemory() throws Exception {
    Ref<Vm> vm = crashing(OnCrashBehaviour.COREDUMP_AND_RESTART);
    long first = lab.vm(vm).domid();
    real.type(vm, "p");
    await().atMost(RealLab.PATIENCE).until(() -> lab.vm(vm).domid() > first);
    assertCore(vm);
    real.awaitUp(vm);
    assertThat(real.domain(vm)).isPresent();
  }

  @Test
  void aPanicThatNoServerSawIsDumpedByTheNext() throws Exception {
    Ref<Vm> vm = crashing(OnCrashBehaviour.COREDUMP_AND_DESTROY);
    Path socket = real.domain(vm).orElseThrow().consoles().serial().orElseThrow();
    real.leave();
    real.type(socket, "p");
    open();
    await().atMost(RealLab.PATIENCE).until(() -> lab.power(vm) == VmPowerState.HALTED);
    assertCore(vm);
    assertThat(real.domain(vm)).isEmpty();
    assertThat(folder.resolve("run/domains").resolve(lab.vm(vm).uuid())).doesNotExist();
  }

  private Ref<Vm> crashing(OnCrashBehaviour behaviour) throws Exception {
    Ref<Vm> vm = real.guest();
    lab.set(vm, b -> b.actionsAfterCrash(behaviour));
    lab.call("start", vm, false, false);
    real.awaitUp(vm);
    return vm;
  }

  private void assertCore(Ref<Vm> vm) throws Exception {
    assertThat(lab.vm(vm).crashDumps()).hasSize(1);
    var dump = lab.state().get(ApiModel.CRASHDUMP, lab.vm(vm).crashDumps().iterator().next());
    Path core = folder.resolve("core.elf");
    Process convert =
        new ProcessBuilder(
                "qemu-img",
                "convert",
                "-O",
                "raw",
                lab.file(dump.vdi()).toString(),
                core.toString())
            .inheritIO()
            .start();
    assertThat(convert.waitFor()).isZero();
    byte[] bytes = Files.readAllBytes(core);
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(header.getInt(0)).isEqualTo(ELF);
    assertThat(header.getShort(TYPE_AT)).isEqualTo((short) CORE);
    assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).contains(BootSector.READY);
  }
}
