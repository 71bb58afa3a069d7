package io.keelson.control.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.host.DiskSource;
import io.keelson.host.Drivers;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.host.storage.Storages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What disks hold, with real files. */
class VdiContentsTest {
  private static final long MIB = World.MIB;

  @TempDir Path folder;

  private World open() {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/qemu-io"))
            && Files.isExecutable(Path.of("/usr/bin/qemu-img")),
        "qemu-utils are installed");
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
  void copiesKeepWhatTheOriginalHeldThen() throws Exception {
    try (World world = open()) {
      VdiCopiesHandler copies = new VdiCopiesHandler(world.parts);
      Ref<Sr> sr = world.repository("file", Map.of());
      Ref<Vdi> disk = world.disk(sr, 4 * MIB);
      qemuIo(world, disk, "write -P 0x11 0 64k");
      Ref<Vdi> snapshot = copies.snapshot(World.call(), disk, Map.of());
      qemuIo(world, disk, "write -P 0x22 0 64k");
      Ref<Vdi> clone = copies.clone(World.call(), disk, Map.of());
      Ref<Sr> other = world.repository("file", Map.of());
      Ref<Vdi> copy = copies.copy(World.call(), snapshot, other, Ref.none(), Ref.none());
      Ref<Vdi> into = world.disk(other, 8 * MIB);
      qemuIo(world, into, "write -P 0x55 6M 64k");
      assertThat(copies.copy(World.call(), disk, Ref.none(), Ref.none(), into)).isEqualTo(into);
      qemuIo(world, disk, "write -P 0x33 0 64k");
      qemuIo(world, snapshot, "read -P 0x11 0 64k");
      qemuIo(world, clone, "read -P 0x22 0 64k");
      qemuIo(world, copy, "read -P 0x11 0 64k");
      qemuIo(world, into, "read -P 0x22 0 64k");
      qemuIo(world, into, "read -P 0 6M 64k");
      new VdiProvisioningHandler(world.parts).destroy(World.call(), disk);
      qemuIo(world, clone, "read -P 0x22 0 64k");
      new SrLifecycleHandler(world.parts).scan(World.call(), sr);
      assertThat(world.sr(sr).vdis()).containsExactlyInAnyOrder(snapshot, clone);
    }
  }

  @Test
  void isoImagesAppearAndVanishWithTheirFiles() throws IOException {
    try (World world = open()) {
      Path library = Files.createDirectories(folder.resolve("iso"));
      Files.write(library.resolve("one.iso"), new byte[2048]);
      Ref<Sr> sr = world.repository("iso", Map.of("location", library.toString()));
      Ref<Vdi> one = world.sr(sr).vdis().iterator().next();
      assertThat(world.vdi(one).nameLabel()).isEqualTo("one.iso");
      assertThat(world.vdi(one).readOnly()).isTrue();
      SrLifecycleHandler repositories = new SrLifecycleHandler(world.parts);
      Files.write(library.resolve("two.iso"), new byte[4096]);
      Files.delete(library.resolve("one.iso"));
      repositories.scan(World.call(), sr);
      assertThat(world.store.snapshot().find(ApiModel.VDI, one)).isEmpty();
      assertThat(world.sr(sr).vdis()).hasSize(1);

      // One that a drive names is missed until it is there again.
      Ref<Vdi> two = world.sr(sr).vdis().iterator().next();
      Ref<Vm> vm = world.vm();
      world.drive(vm, two, "0", VbdMode.RO);
      Files.move(library.resolve("two.iso"), folder.resolve("two.iso"));
      repositories.scan(World.call(), sr);
      assertThat(world.vdi(two).missing()).isTrue();
      Refused.with(() -> world.start(vm), "VDI_MISSING", sr.text(), two.text());
      Files.move(folder.resolve("two.iso"), library.resolve("two.iso"));
      repositories.scan(World.call(), sr);
      assertThat(world.vdi(two).missing()).isFalse();
      world.start(vm);
      world.stop(vm);
    }
  }

  private static void qemuIo(World world, Ref<Vdi> ref, String command) throws Exception {
    Vdi vdi = world.vdi(ref);
    SrAccess at = SrAccess.anywhere(world.store.snapshot(), vdi.sr());
    DiskSource source =
        world
            .parts
            .drivers()
            .with(
                at, driver -> driver.open(at.host(), at.sr(), UUID.fromString(vdi.uuid()), false));
    List<String> words = new ArrayList<>(List.of("qemu-io", "-f", "qcow2", "-c", command));
    words.add(source.location());
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).doesNotContain("verification failed");
  }
}
