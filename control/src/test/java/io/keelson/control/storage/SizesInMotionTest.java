package io.keelson.control.storage;

import static io.keelson.control.storage.World.MIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiError;
import io.keelson.api.ErrorCode;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sizes that are set while storage works on a disk count in its repository all the same. */
class SizesInMotionTest {
  private static final Duration SLOW = Duration.ofMillis(200);

  @TempDir private Path folder;
  private World world;
  private Ref<Sr> sr;
  private Ref<Vdi> disk;

  @BeforeEach
  void open() {
    SimulationPlan slow = new SimulationPlan(0, 1, SLOW, SLOW, 0);
    world = new World(folder, Simulation.open(slow).drivers());
    sr = world.repository("file", Map.of());
    disk = world.disk(sr, MIB);
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** Sets the size as soon as the work on the disk has begun. */
  private void setSizeDuring(Runnable work) {
    CompletableFuture<Void> done = CompletableFuture.runAsync(work);
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> done.isDone() || !world.vdi(disk).currentOperations().isEmpty());
    try {
      new VdiSettingsHandler(world.parts).setVirtualSize(World.call(), disk, 64 * MIB);
    } catch (ApiError late) { // the work was over before
      assertThat(late.code()).isEqualTo(ErrorCode.HANDLE_INVALID);
    }
    done.join();
  }

  @Test
  void resized() {
    setSizeDuring(() -> new VdiSizeHandler(world.parts).resize(World.call(), disk, 2 * MIB));
    assertThat(world.sr(sr).virtualAllocation()).isEqualTo(world.vdi(disk).virtualSize());
  }

  @Test
  void moved() {
    Ref<Sr> other = world.repository("file", Map.of());
    setSizeDuring(() ->
        new VdiMigrationHandler(world.parts).poolMigrate(World.call(), disk, other, Map.of()));
    assertThat(world.sr(sr).virtualAllocation()).isZero();
    Ref<Vdi> moved = world.sr(other).vdis().iterator().next();
    assertThat(world.sr(other).virtualAllocation()).isEqualTo(world.vdi(moved).virtualSize());
  }

  @Test
  void destroyed() {
    setSizeDuring(() -> new VdiProvisioningHandler(world.parts).destroy(World.call(), disk));
    assertThat(world.sr(sr).virtualAllocation()).isZero();
  }
}
