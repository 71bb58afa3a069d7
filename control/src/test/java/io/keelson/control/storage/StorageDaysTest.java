package io.keelson.control.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.host.DriverException;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Whatever is done to disks and drives, and whatever fails, what the records say holds together.
 */
class StorageDaysTest {
  private static final int STEPS = 60;

  @Property(tries = 5, shrinking = ShrinkingMode.OFF)
  void theRecordsHoldTogether(@ForAll long seed) throws IOException {
    Path folder = Files.createTempDirectory("storage-days");
    SimulationPlan plan = new SimulationPlan(seed, 1, Duration.ZERO, Duration.ZERO, 0.1);
    try (World world = new World(folder, Simulation.open(plan).drivers())) {
      Day day = new Day(world, new Random(seed));
      for (int i = 0; i < STEPS; i++) {
        day.step();
        check(world.store.snapshot());
      }
    } finally {
      try (var files = Files.walk(folder)) {
        files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
      }
    }
  }

  /** Random work; what is refused or fails is passed over. */
  private static final class Day {
    private final World world;
    private final Random random;

    Day(World world, Random random) {
      this.world = world;
      this.random = random;
    }

    void step() {
      try {
        act(random.nextInt(12));
      } catch (ApiError | DriverException _) {
        // Refused, or failed as the simulation decided: the check afterwards is what counts.
      }
    }

    private void act(int choice) {
      VdiCopiesHandler copies = new VdiCopiesHandler(world.parts);
      switch (choice) {
        case 0 -> world.repository("file", Map.of());
        case 1, 2 -> world.disk(pick(srs()), (1 + random.nextInt(64)) * World.MIB);
        case 3 -> new VdiProvisioningHandler(world.parts).destroy(World.call(), pick(vdis()));
        case 4 -> copies.clone(World.call(), pick(vdis()), Map.of());
        case 5 -> copies.snapshot(World.call(), pick(vdis()), Map.of());
        case 6 -> copies.copy(World.call(), pick(vdis()), pick(srs()), Ref.none(), Ref.none());
        case 7 ->
            new VdiSizeHandler(world.parts)
                .resize(World.call(), pick(vdis()), (1 + random.nextInt(128)) * World.MIB);
        case 8 ->
            world.drive(
                random.nextBoolean() ? world.vm() : pick(vms()),
                pick(vdis()),
                "autodetect",
                random.nextBoolean() ? VbdMode.RW : VbdMode.RO);
        case 9 -> power(pick(vms()));
        case 10 -> new VbdPluggingHandler(world.parts).plug(World.call(), pick(vbds()));
        default -> new VbdPluggingHandler(world.parts).unplug(World.call(), pick(vbds()));
      }
    }

    private void power(Ref<Vm> vm) {
      if (world.store.snapshot().get(ApiModel.VM, vm).powerState() == VmPowerState.HALTED) {
        world.start(vm);
      } else {
        world.stop(vm);
      }
    }

    private <T> T pick(List<T> all) {
      if (all.isEmpty()) {
        throw ApiErrors.operationNotAllowed("nothing to pick from");
      }
      return all.get(random.nextInt(all.size()));
    }

    private List<Ref<Sr>> srs() {
      return world.store.snapshot().rows(ApiModel.SR).map(Row::ref).toList();
    }

    private List<Ref<Vdi>> vdis() {
      return world.store.snapshot().rows(ApiModel.VDI).map(Row::ref).toList();
    }

    private List<Ref<Vm>> vms() {
      return world.store.snapshot().rows(ApiModel.VM).map(Row::ref).toList();
    }

    private List<Ref<Vbd>> vbds() {
      return world.store.snapshot().rows(ApiModel.VBD).map(Row::ref).toList();
    }
  }

  private static void check(Snapshot state) {
    state.rows(ApiModel.SR).forEach(row -> checkRepository(state, row));
    state.rows(ApiModel.VDI).forEach(row -> checkDisk(state, row));
    state.rows(ApiModel.VBD).forEach(row -> checkDrive(state, row));
    assertThat(state.table(ApiModel.TASK).size()).as("tasks left over").isZero();
    assertThat(state.table(ApiModel.VBD_METRICS).size())
        .isEqualTo(state.table(ApiModel.VBD).size());
  }

  private static void checkRepository(Snapshot state, Row<Sr> row) {
    assertThat(row.record().currentOperations()).isEmpty();
    long allocated =
        row.record().vdis().stream()
            .mapToLong(vdi -> state.get(ApiModel.VDI, vdi).virtualSize())
            .sum();
    assertThat(row.record().virtualAllocation()).isEqualTo(allocated);
    row.record()
        .allowedOperations()
        .forEach(o -> assertThat(SrRules.refusal(state, row.ref(), o)).isEmpty());
  }

  private static void checkDisk(Snapshot state, Row<Vdi> row) {
    assertThat(row.record().currentOperations()).isEmpty();
    List<Vbd> users =
        row.record().vbds().stream()
            .map(vbd -> state.get(ApiModel.VBD, vbd))
            .filter(Vbd::currentlyAttached)
            .toList();
    boolean written = users.stream().anyMatch(vbd -> vbd.mode() == VbdMode.RW);
    assertThat(users.size() <= 1 || !written).as("one writes or many read").isTrue();
    for (var operation : VdiRules.OFFERED) {
      assertThat(row.record().allowedOperations().contains(operation))
          .as("VDI %s", operation)
          .isEqualTo(VdiRules.refusal(state, row.ref(), operation).isEmpty());
    }
  }

  private static void checkDrive(Snapshot state, Row<Vbd> row) {
    assertThat(row.record().currentOperations()).isEmpty();
    for (var operation : VbdRules.OFFERED) {
      assertThat(row.record().allowedOperations().contains(operation))
          .as("VBD %s", operation)
          .isEqualTo(VbdRules.refusal(state, row.ref(), operation).isEmpty());
    }
  }
}
