package io.keelson.control.vm.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.control.vm.VmLab;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory and processors. */
final class MemoryTest {
  private static final long MIB = VmLab.MIB;

  @TempDir private Path folder;
  private VmLab lab;

  @BeforeEach
  void open() {
    lab = VmLab.open(folder, Simulation.open(SimulationPlan.of(1)).drivers(), 1);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void theOverheadFollowsTheFormula() {
    assertThat(MemoryCost.overheadBytes(1, 128 * MIB, 1, true)).isEqualTo(4 * MIB);
    assertThat(MemoryCost.overheadBytes(2, 1024 * MIB, 1, true)).isEqualTo(12 * MIB);
    assertThat(MemoryCost.overheadBytes(2, 1024 * MIB, 2, false)).isEqualTo(21 * MIB);
  }

  @Test
  void theLargestMaximumJustFits() {
    Vm vm = lab.vm(lab.make());
    long largest = MemoryCost.largestWithin(vm, 4096 * MIB);
    Vm fits = vm.with(b -> b.memoryStaticMax(largest));
    Vm tooMuch = vm.with(b -> b.memoryStaticMax(largest + MIB));
    assertThat(MemoryCost.footprint(fits, largest)).isLessThanOrEqualTo(4096 * MIB);
    assertThat(MemoryCost.footprint(tooMuch, largest + MIB)).isGreaterThan(4096 * MIB);
  }

  @Test
  void limitsKeepTheirOrder() {
    Ref<Vm> vm = lab.make();
    assertThat(lab.error("set_memory_static_max", vm, 32 * MIB))
        .containsExactly("MEMORY_CONSTRAINT_VIOLATION", "memory_dynamic_max <= memory_static_max");
    assertThat(lab.error("set_memory_dynamic_min", vm, 1L))
        .containsExactly("MEMORY_CONSTRAINT_VIOLATION", "memory_static_min <= memory_dynamic_min");
    lab.call("set_memory_limits", vm, 32 * MIB, 256 * MIB, 64 * MIB, 128 * MIB);
    Vm changed = lab.vm(vm);
    assertThat(MemoryLimits.of(changed))
        .isEqualTo(new MemoryLimits(32 * MIB, 64 * MIB, 128 * MIB, 256 * MIB));
    assertThat(changed.memoryOverhead()).isEqualTo(MemoryCost.overheadBytes(changed));
    lab.call("start", vm, false, false);
    assertThat(lab.error("set_memory_static_max", vm, 512 * MIB))
        .containsExactly("VM_BAD_POWER_STATE", vm.text(), "halted", "running");
  }

  @Test
  void aRunningVmsBalloonFollowsItsRange() {
    Ref<Vm> vm = lab.make(b -> b.memoryStaticMax(256 * MIB).memoryDynamicMax(256 * MIB));
    lab.call("start", vm, false, false);
    assertThat(lab.vm(vm).memoryTarget()).isEqualTo(256 * MIB);
    lab.call("set_memory_dynamic_range", vm, 64 * MIB, 128 * MIB);
    assertThat(lab.vm(vm).memoryTarget()).isEqualTo(128 * MIB);
    lab.call("wait_memory_target_live", vm);
    lab.call("set_memory_target_live", vm, 64 * MIB);
    assertThat(lab.vm(vm).memoryDynamicMax()).isEqualTo(64 * MIB);
  }

  @Test
  void vmsShareWhatThereIsDownToTheirMinimum() {
    lab.memory(lab.host(), 400 * MIB);
    Ref<Vm> first = lab.make(b -> b.memoryStaticMax(300 * MIB).memoryDynamicMax(300 * MIB));
    Ref<Vm> second = lab.make(b -> b.memoryStaticMax(300 * MIB).memoryDynamicMax(300 * MIB));
    lab.call("start", first, false, false);
    lab.call("start", second, false, false);
    assertThat(lab.vm(second).memoryTarget())
        .isEqualTo(lab.vm(first).memoryTarget())
        .isBetween(180 * MIB, 200 * MIB);
    Ref<Vm> third =
        lab.make(b ->
            b.memoryStaticMax(400 * MIB).memoryDynamicMax(400 * MIB).memoryDynamicMin(350 * MIB));
    assertThat(lab.error("start", third, false, false))
        .first()
        .isEqualTo("HOST_NOT_ENOUGH_FREE_MEMORY");
  }

  @Test
  void processorsGoUpButNotDownWhileItRuns() {
    Ref<Vm> vm = lab.make(b -> b.vcpusMax(4L));
    assertThat(lab.error("set_VCPUs_at_startup", vm, 5L)).first().isEqualTo("INVALID_VALUE");
    lab.call("set_VCPUs_max", vm, 3L);
    lab.call("start", vm, false, false);
    lab.call("set_VCPUs_number_live", vm, 2L);
    assertThat(lab.state().get(ApiModel.VM_METRICS, lab.vm(vm).metrics()).vcpusNumber())
        .isEqualTo(2);
    assertThat(lab.error("set_VCPUs_number_live", vm, 1L))
        .containsExactly("VM_LACKS_FEATURE_VCPU_HOTPLUG", vm.text());
    assertThat(lab.error("set_VCPUs_number_live", vm, 4L))
        .containsExactly("VM_TOO_MANY_VCPUS", vm.text());
    lab.call("suspend", vm);
    lab.call("resume", vm, false, false);
    assertThat(lab.state().get(ApiModel.VM_METRICS, lab.vm(vm).metrics()).vcpusNumber())
        .isEqualTo(2);
  }
}
