package io.keelson.control.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.PbdFields;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.host.Drivers;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.host.storage.Storages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the API shows of the kinds of repositories beside the usual. */
class StorageKindsTest {
  @TempDir Path folder;
  private World world;
  private SrLifecycleHandler repositories;

  @BeforeEach
  void open() {
    Drivers simulated = Simulation.open(SimulationPlan.of(1)).drivers();
    world =
        new World(
            folder.resolve("store"),
            new Drivers(
                simulated.compute(),
                Storages.local(folder.resolve("data")),
                simulated.network(),
                simulated.machine()));
    repositories = new SrLifecycleHandler(world.parts);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private void refused(String code, String type, Map<String, String> config) {
    assertThatExceptionOfType(ApiError.class)
        .isThrownBy(() -> world.repository(type, config))
        .satisfies(e -> assertThat(e.code().text()).isEqualTo("SR_BACKEND_FAILURE_" + code));
  }

  @Test
  void aBadConfigurationHasItsNumber() {
    assertThat(repositories.getSupportedTypes(World.call()))
        .containsExactly(
            "dummy", "ext", "file", "iso", "lvm", "lvmoiscsi", "nfs", "rawiscsi", "smb", "udev");
    refused("90", "ext", Map.of());
    refused("91", "ext", Map.of("device", "/dev/null"));
    refused("90", "lvm", Map.of());
    refused("91", "lvm", Map.of("device", "/dev/null"));
    refused("102", "smb", Map.of());
    refused("111", "smb", Map.of("server", "files"));
    refused("102", "nfs", Map.of());
    refused("101", "nfs", Map.of("server", "127.0.0.1"));
    refused("95", "rawiscsi", Map.of());
    refused("95", "lvmoiscsi", Map.of());
    refused("142", "rawiscsi", Map.of("target", "127.0.0.1", "port", "0"));
    refused("220", "iso", Map.of());
    refused("225", "iso", Map.of("location", "nowhere"));
    refused("94", "udev", Map.of());
    refused("20", "rawiscsi", Map.of("target", "x", "chappassword_secret", "none"));
    assertThat(world.store.snapshot().rows(ApiModel.SR)).isEmpty();
  }

  @Test
  void passwordsAreSecretsThatGoWithTheirConnection() {
    Ref<Sr> sr =
        repositories.introduce(
            World.call(), UUID.randomUUID().toString(), "r", "", "rawiscsi", "", true, Map.of());
    PbdLifecycleHandler connections = new PbdLifecycleHandler(world.parts);
    Ref<Pbd> pbd =
        connections.create(
            World.call(),
            PbdFields.API_CLASS
                .blank()
                .with(b ->
                    b.sr(sr)
                        .host(world.host)
                        .deviceConfig(Map.of("chapuser", "joe", "chappassword", "p"))));
    Map<String, String> config = config(pbd);
    assertThat(config).containsOnlyKeys("chapuser", "chappassword_secret");
    assertThat(DeviceSecrets.open(world.store.snapshot(), config))
        .isEqualTo(Map.of("chapuser", "joe", "chappassword", "p"));
    connections.setDeviceConfig(World.call(), pbd, config);
    assertThat(config(pbd)).isEqualTo(config);
    assertThat(world.store.snapshot().rows(ApiModel.SECRET)).hasSize(1);
    connections.setDeviceConfig(World.call(), pbd, Map.of("chappassword", "q"));
    assertThat(DeviceSecrets.open(world.store.snapshot(), config(pbd)))
        .isEqualTo(Map.of("chappassword", "q"));
    connections.destroy(World.call(), pbd);
    assertThat(world.store.snapshot().rows(ApiModel.SECRET)).isEmpty();
  }

  @Test
  void aHeartbeatNeedsDisksThatEveryHostReaches() {
    SrHighAvailabilityHandler heartbeats = new SrHighAvailabilityHandler(world.store);
    Ref<Sr> disks = world.repository("dummy", Map.of());
    heartbeats.assertCanHostHaStatefile(World.call(), disks);
    Ref<Pbd> pbd = world.store.snapshot().get(ApiModel.SR, disks).pbds().iterator().next();
    new PbdLifecycleHandler(world.parts).unplug(World.call(), pbd);
    assertThatExceptionOfType(ApiError.class)
        .isThrownBy(() -> heartbeats.assertCanHostHaStatefile(World.call(), disks))
        .satisfies(e -> assertThat(e.code().text()).isEqualTo("SR_NO_PBDS"));
    Ref<Sr> library = world.repository("iso", Map.of("location", folder.toString()));
    assertThatExceptionOfType(ApiError.class)
        .isThrownBy(() -> heartbeats.assertCanHostHaStatefile(World.call(), library))
        .satisfies(e -> assertThat(e.code().text()).isEqualTo("SR_OPERATION_NOT_SUPPORTED"));
  }

  private Map<String, String> config(Ref<Pbd> pbd) {
    return world.store.snapshot().get(ApiModel.PBD, pbd).deviceConfig();
  }

  @Test
  void dummyDisksLiveLikeOthers() {
    Ref<Sr> sr = world.repository("dummy", Map.of());
    Ref<Vdi> disk = world.disk(sr, 3 * World.MIB);
    new VdiCopiesHandler(world.parts).snapshot(World.call(), disk, Map.of());
    repositories.scan(World.call(), sr);
    assertThat(world.sr(sr).vdis()).hasSize(2);
    assertThat(world.sr(sr).virtualAllocation()).isEqualTo(6 * World.MIB);
    assertThat(world.sr(sr).physicalUtilisation()).isZero();
  }

  @Test
  void aDeviceOfTheHostIsNotDestroyed() throws Exception {
    Path devices = Files.createDirectory(folder.resolve("devices"));
    Path loop = Path.of("/dev/loop0");
    assumeTrue(Files.exists(loop), "there are loop devices");
    Files.createSymbolicLink(devices.resolve("one"), loop);
    Ref<Sr> sr = world.repository("udev", Map.of("location", devices.toString()));
    Ref<Vdi> disk = world.sr(sr).vdis().iterator().next();
    Refused.with(
        () -> new VdiProvisioningHandler(world.parts).destroy(World.call(), disk),
        "VDI_IS_A_PHYSICAL_DEVICE",
        disk.text());
  }
}
