package io.keelson.control.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Sr;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiOperations;
import io.keelson.control.operation.Claims;
import io.keelson.host.Drivers;
import io.keelson.host.Volume;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.host.storage.Storages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageRecoveryTest {
  @TempDir Path folder;

  private World open() {
    Drivers simulated = Simulation.open(SimulationPlan.of(1)).drivers();
    return new World(
        folder.resolve("store"),
        new Drivers(
            simulated.compute(),
            Storages.local(folder.resolve("data")),
            simulated.network(),
            simulated.machine()));
  }

  @Test
  void aForkThatWasNotSettledIsUndoneAndItsDiskReleased() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "qemu-utils are installed");
    try (World world = open()) {
      Ref<Sr> sr = world.repository("file", Map.of());
      Ref<Vdi> disk = world.disk(sr, World.MIB);
      String task = Ref.fresh().text();
      UUID copy = ForkVdi.copyVolume(task, world.vdi(disk));
      world.store.change(tx -> {
        tx.update(
            ApiModel.VDI,
            disk,
            v -> v.with(b -> b.currentOperations(Map.of(task, VdiOperations.SNAPSHOT))));
        tx.update(
            ApiModel.SR,
            sr,
            s -> s.with(b -> b.currentOperations(Map.of(task, StorageOperations.SCAN))));
      });
      SrAccess at = SrAccess.anywhere(world.store.snapshot(), sr);
      UUID volume = Volumes.id(world.vdi(disk));
      world.parts.drivers().with(at, driver -> driver.fork(at.host(), at.sr(), volume, copy, true));
      new StorageRecovery(world.resources).recover();
      List<Volume> left = world.parts.drivers().with(at, driver -> driver.scan(at.host(), at.sr()));
      assertThat(left).extracting(Volume::vdi).containsExactly(volume);
      assertThat(world.vdi(disk).currentOperations()).isEmpty();
      assertThat(world.sr(sr).currentOperations()).isEmpty();
      assertThat(world.vdi(disk).allowedOperations()).contains(VdiOperations.SNAPSHOT);
    }
  }

  @Test
  void disksThatATaskWasMakingAreDestroyed() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "qemu-utils are installed");
    try (World world = open()) {
      Ref<Sr> sr = world.repository("file", Map.of());
      UUID kept = Volumes.id(world.vdi(world.disk(sr, World.MIB)));
      String task = Ref.fresh().text();
      world.store.change(tx ->
          tx.update(
              ApiModel.SR,
              sr,
              s -> s.with(b -> b.currentOperations(Map.of(task, StorageOperations.VDI_CREATE)))));
      SrAccess at = SrAccess.anywhere(world.store.snapshot(), sr);
      for (int number : List.of(0, 2)) {
        UUID made = Claims.name(task, number);
        Volume _ =
            world
                .parts
                .drivers()
                .with(at, driver -> driver.createVolume(at.host(), at.sr(), made, World.MIB));
      }
      new StorageRecovery(world.resources).recover();
      List<Volume> left = world.parts.drivers().with(at, driver -> driver.scan(at.host(), at.sr()));
      assertThat(left).extracting(Volume::vdi).containsExactly(kept);
      assertThat(world.sr(sr).currentOperations()).isEmpty();
    }
  }

  @Test
  void aRepositoryThatCannotBeAttachedAgainIsRecordedAsUnplugged() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "qemu-utils are installed");
    try (World world = open()) {
      Path library = Files.createDirectories(folder.resolve("iso"));
      Ref<Sr> isos = world.repository("iso", Map.of("location", library.toString()));
      Ref<Sr> files = world.repository("file", Map.of());
      Files.delete(library);
      new StorageRecovery(world.resources).recover();
      assertThat(plugged(world, isos)).isFalse();
      assertThat(plugged(world, files)).isTrue();
      assertThat(world.store.snapshot().rows(ApiModel.MESSAGE).map(row -> row.record().name()))
          .containsExactly("PBD_PLUG_FAILED_ON_SERVER_START");
    }
  }

  private static boolean plugged(World world, Ref<Sr> sr) {
    return world.sr(sr).pbds().stream()
        .map(pbd -> world.store.snapshot().get(ApiModel.PBD, pbd))
        .anyMatch(Pbd::currentlyAttached);
  }
}
