package io.keelson.control.vm.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.PlainSink;
import io.keelson.control.vm.VmLab;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** VMs that share a host's memory. */
final class MemoryBalancerTest {
  private static final long MIB = VmLab.MIB;

  @TempDir private Path folder;
  private Simulation simulation;
  private VmLab lab;

  @BeforeEach
  void open() {
    simulation = Simulation.open(SimulationPlan.of(1));
    lab = VmLab.open(folder, simulation.drivers(), 1);
    lab.memory(lab.host(), 512 * MIB);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void aStartMakesOthersShrinkAndAnEndLetsThemGrow() {
    Ref<Vm> first = make(64, 400);
    lab.call("start", first, false, false);
    assertThat(lab.vm(first).memoryTarget()).isEqualTo(400 * MIB);
    Ref<Vm> second = make(64, 400);
    lab.call("start", second, false, false);
    assertThat(target(first)).isEqualTo(target(second)).isLessThan(256 * MIB);
    assertFits();
    Ref<Vm> third = make(300, 300);
    lab.call("start", third, false, false);
    assertThat(target(third)).isEqualTo(300 * MIB);
    assertThat(target(first)).isBetween(64 * MIB, 110 * MIB);
    assertFits();
    assertThat(lab.error("start", make(100, 100), false, false))
        .first()
        .isEqualTo("HOST_NOT_ENOUGH_FREE_MEMORY");

    lab.call("hard_shutdown", third);
    assertThat(target(first)).isEqualTo(target(second)).isGreaterThan(200 * MIB);
    lab.call("clean_shutdown", second);
    assertThat(target(first)).isEqualTo(400 * MIB);
  }

  @Test
  void aSuspendedVmComesBackWithTheMemoryThatItHad() {
    Ref<Vm> first = make(64, 400);
    lab.call("start", first, false, false);
    lab.call("suspend", first);
    Ref<Vm> second = make(64, 400);
    lab.call("start", second, false, false);
    lab.call("resume", first, false, false);
    assertFits();
    assertThat(lab.power(first)).isEqualTo(VmPowerState.RUNNING);
  }

  @Test
  void aGuestThatDoesNotFollowKeepsWhatItHas() {
    Ref<Vm> deaf = make(64, 300);
    lab.call("start", deaf, false, false);
    simulation.keepMemory(lab.hostId(lab.host()), lab.id(deaf));
    assertThat(PlainSink.of(lab.call("get_cooperative", deaf))).isEqualTo(true);
    Ref<Vm> large = make(300, 300);
    assertThat(lab.error("start", large, false, false))
        .first()
        .isEqualTo("HOST_NOT_ENOUGH_FREE_MEMORY");
    assertThat(lab.power(large)).isEqualTo(VmPowerState.HALTED);
    assertThat(lab.vm(large).scheduledToBeResidentOn().isNull()).isTrue();
    assertThat(PlainSink.of(lab.call("get_cooperative", deaf))).isEqualTo(false);

    Ref<Vm> small = make(64, 300);
    lab.call("start", small, false, false);
    assertThat(target(small)).isBetween(180 * MIB, 205 * MIB);
  }

  @Test
  void whateverComesAndGoesAllFitsAndNobodyLeavesItsRange() {
    SplittableRandom random = new SplittableRandom(7);
    List<Ref<Vm>> vms = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      long min = random.nextLong(32, 128);
      vms.add(make(min, min + random.nextLong(0, 256)));
    }
    for (int step = 0; step < 60; step++) {
      Ref<Vm> vm = vms.get(random.nextInt(vms.size()));
      switch (lab.power(vm)) {
        case HALTED -> lab.error("start", vm, random.nextBoolean(), false);
        case RUNNING -> {
          switch (random.nextInt(4)) {
            case 0 -> lab.call("suspend", vm);
            case 1 -> lab.call("pause", vm);
            case 2 -> {
              long min = random.nextLong(32, 100) * MIB;
              lab.error(
                  "set_memory_dynamic_range",
                  vm,
                  min,
                  Math.min(lab.vm(vm).memoryStaticMax(), min + random.nextLong(0, 200) * MIB));
            }
            default -> lab.call("hard_shutdown", vm);
          }
        }
        case PAUSED -> lab.call("unpause", vm);
        case SUSPENDED -> lab.error("resume", vm, false, false);
      }
      assertFits();
      vms.stream()
          .filter(v -> lab.power(v) == VmPowerState.RUNNING)
          .map(lab::vm)
          .forEach(v ->
              assertThat(v.memoryTarget()).isBetween(v.memoryDynamicMin(), v.memoryDynamicMax()));
    }
  }

  private long target(Ref<Vm> vm) {
    long target = lab.vm(vm).memoryTarget();
    assertThat(
            simulation
                .drivers()
                .compute()
                .usage(lab.hostId(lab.host()), lab.id(vm))
                .memoryActualBytes())
        .isEqualTo(target);
    return target;
  }

  private void assertFits() {
    long sum =
        HostMemory.residents(lab.state(), lab.host())
            .mapToLong(row -> MemoryCost.footprint(row.record(), row.record().memoryTarget()))
            .sum();
    assertThat(sum).isLessThanOrEqualTo(512 * MIB);
  }

  private Ref<Vm> make(long minMib, long maxMib) {
    return lab.make(b ->
        b.memoryDynamicMin(minMib * MIB)
            .memoryDynamicMax(maxMib * MIB)
            .memoryStaticMax(maxMib * MIB));
  }
}
