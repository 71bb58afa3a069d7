package io.keelson.control.vm.power;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.VmLab;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where VMs start, and what keeps them from it. */
final class StartTest {
  @TempDir private Path folder;
  private VmLab lab;

  @BeforeEach
  void open() {
    lab = VmLab.open(folder, Simulation.open(SimulationPlan.of(2)).drivers(), 2);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void oneDiskHasOneWriterOrManyReaders() {
    Ref<Vm> one = lab.make();
    Ref<Vm> two = lab.make();
    Ref<Vbd> disk = lab.disk(one, 0, VbdMode.RW);
    var vdi = lab.state().get(ApiModel.VBD, disk).vdi();
    lab.disk(two, vdi, 0, VbdMode.RW);
    lab.call("start", one, false, false);
    assertThat(lab.error("start", two, false, false)).first().isEqualTo("VDI_IN_USE");
    lab.assertHalted(two);
    lab.call("suspend", one);
    lab.call("start", two, false, false);
    assertThat(lab.error("resume", one, false, false)).first().isEqualTo("VDI_IN_USE");
    assertThat(lab.power(one)).isEqualTo(VmPowerState.SUSPENDED);
  }

  @Test
  void aVmThatDoesNotFitIsToldSo() {
    Ref<Vm> vm =
        lab.make(b ->
            b.memoryDynamicMin(100 * VmLab.HOST_MEMORY)
                .memoryDynamicMax(100 * VmLab.HOST_MEMORY)
                .memoryStaticMax(100 * VmLab.HOST_MEMORY));
    assertThat(lab.error("start", vm, false, false))
        .first()
        .isEqualTo("HOST_NOT_ENOUGH_FREE_MEMORY");
    assertThat(lab.error("start_on", vm, lab.host(), false, false))
        .first()
        .isEqualTo("HOST_NOT_ENOUGH_FREE_MEMORY");
  }

  @Test
  void hostsThatAreOffOrLackTheDisksAreNotChosen() {
    Ref<Vm> vm = lab.make();
    lab.disk(vm, 0, VbdMode.RW);
    lab.store()
        .change(tx -> tx.update(ApiModel.HOST, lab.host(), h -> h.with(b -> b.enabled(false))));
    assertThat(lab.error("start_on", vm, lab.host(), false, false))
        .containsExactly("HOST_DISABLED", lab.host().text());
    lab.call("start", vm, false, false);
    assertThat(lab.vm(vm).residentOn()).isEqualTo(lab.hosts().get(1));
    lab.call("hard_shutdown", vm);
    lab.store()
        .change(tx ->
            tx.rows(ApiModel.PBD)
                .toList()
                .forEach(p ->
                    tx.update(
                        ApiModel.PBD, p.ref(), r -> r.with(b -> b.currentlyAttached(false)))));
    assertThat(lab.error("start_on", vm, lab.hosts().get(1), false, false))
        .containsExactly("VM_REQUIRES_SR", vm.text(), lab.sr().text());
    assertThat(lab.error("start", vm, false, false)).containsExactly("NO_HOSTS_AVAILABLE");
  }

  @Test
  void affinityDecidesWhereThereIsRoom() {
    Ref<Vm> vm = lab.make(b -> b.affinity(lab.hosts().get(1)));
    lab.call("start", vm, false, false);
    assertThat(lab.vm(vm).residentOn()).isEqualTo(lab.hosts().get(1));
  }

  @Test
  void aVmThatNamesNoWayToBootOrAForbiddenKernelDoesNotStart() {
    Ref<Vm> none = lab.make(b -> b.hvmBootPolicy(""));
    assertThat(lab.error("start", none, false, false)).first().isEqualTo("BOOTLOADER_FAILED");
    Ref<Vm> loader = lab.make(b -> b.hvmBootPolicy("").pvBootloader("pygrub"));
    assertThat(lab.error("start", loader, false, false))
        .containsExactly("UNKNOWN_BOOTLOADER", loader.text(), "pygrub");
    Ref<Vm> secret =
        lab.make(b -> b.hvmBootPolicy("").pvKernel("/boot/k").pvRamdisk("/boot/../etc/shadow"));
    assertThat(lab.error("start", secret, false, false)).first().isEqualTo("BOOTLOADER_FAILED");
    Ref<Vm> fine = lab.make(b -> b.hvmBootPolicy("").pvKernel("/boot/vmlinuz"));
    lab.call("start", fine, false, false);
    assertThat(lab.power(fine)).isEqualTo(VmPowerState.RUNNING);
  }
}
