package io.keelson.server.firstboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Vm;
import io.keelson.control.Control;
import io.keelson.control.network.Uplinks;
import io.keelson.host.Drivers;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.host.storage.Storages;
import io.keelson.store.JournaledStore;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstBootTest {
  @TempDir Path folder;

  private List<UUID> boot(Store store, Drivers drivers, int hosts, Optional<Path> guest) {
    return boot(store, drivers, hosts, guest, Uplinks.ALL);
  }

  private List<UUID> boot(
      Store store, Drivers drivers, int hosts, Optional<Path> guest, Uplinks uplinks) {
    var settings =
        new FirstBoot.Settings(folder.resolve("data"), guest, "127.0.0.1", hosts, uplinks);
    return new FirstBoot(store, drivers, settings, Clock.systemUTC()).run(_ -> {});
  }

  private Store open() {
    return JournaledStore.open(new StoreConfig(folder.resolve("store"), Control.derivation()));
  }

  private static Map<String, Integer> counts(Snapshot state) {
    Map<String, Integer> counts = new TreeMap<>();
    for (ApiClass<?> each : ApiModel.CLASSES) {
      counts.put(each.name(), state.table(each).size());
    }
    return counts;
  }

  @Test
  void aPoolOfThreeHostsHasAllThatClientsLookFor() {
    Drivers drivers = Simulation.open(SimulationPlan.of(3)).drivers();
    try (Store store = open()) {
      List<UUID> hosts = boot(store, drivers, 3, Optional.empty());
      Snapshot state = store.snapshot();
      assertThat(hosts).hasSize(3);
      Pool pool = state.rows(ApiModel.POOL).findFirst().orElseThrow().record();
      Host master = state.get(ApiModel.HOST, pool.master());
      assertThat(master.uuid()).isEqualTo(hosts.getFirst().toString());
      assertThat(master.softwareVersion())
          .containsEntry("product_brand", "Keelson")
          .containsKeys("product_version", "build_number", "network_backend");
      assertThat(master.apiVersionMajor()).isEqualTo(2);
      assertThat(master.apiVersionMinor()).isEqualTo(5);
      assertThat(master.hostCpus()).hasSize(16);
      assertThat(master.residentVms()).hasSize(1);
      assertThat(state.get(ApiModel.SR, pool.defaultSr()).pbds()).hasSize(3);
      assertThat(state.get(ApiModel.SR, pool.defaultSr()).shared()).isTrue();
      assertThat(state.get(ApiModel.SR, pool.defaultSr()).allowedOperations()).isNotEmpty();
      assertThat(state.table(ApiModel.PIF).size()).isEqualTo(9);
      assertThat(state.table(ApiModel.NETWORK).size()).isEqualTo(4);
      assertThat(state.table(ApiModel.NETWORK).byNameLabel("Host internal management network"))
          .hasSize(1);
      Ref<Vm> other = state.table(ApiModel.VM).byNameLabel("Other install media").iterator().next();
      assertThat(state.get(ApiModel.VM, other).isATemplate()).isTrue();
      assertThat(state.get(ApiModel.VM, other).hvmBootParams()).containsEntry("order", "dc");
    }
  }

  @Test
  void aSecondStartChangesNoNumberOfObjects() {
    Drivers drivers = Simulation.open(SimulationPlan.of(2)).drivers();
    Map<String, Integer> before;
    List<UUID> hosts;
    try (Store store = open()) {
      hosts = boot(store, drivers, 2, Optional.empty());
      before = counts(store.snapshot());
    }
    try (Store store = open()) {
      assertThat(boot(store, drivers, 2, Optional.empty())).isEqualTo(hosts);
      assertThat(counts(store.snapshot())).isEqualTo(before);
    }
  }

  @Test
  void theBuiltInGuestIsATemplateThatFollowsItsFolder() throws IOException {
    Drivers drivers = Simulation.open(SimulationPlan.of(1)).drivers();
    Path guest = Files.createDirectories(folder.resolve("guest"));
    Files.write(guest.resolve("vmlinuz"), new byte[1]);
    Files.write(guest.resolve("initrd"), new byte[1]);
    try (Store store = open()) {
      boot(store, drivers, 1, Optional.of(guest));
      boot(store, drivers, 1, Optional.of(guest));
      var found = store.snapshot().table(ApiModel.VM).byNameLabel(BuiltInLinux.NAME);
      assertThat(found).hasSize(1);
      Vm template = store.snapshot().get(ApiModel.VM, found.iterator().next());
      assertThat(template.pvKernel()).isEqualTo(guest.resolve("vmlinuz").toString());
      assertThat(template.pvArgs()).startsWith("console=ttyS0");
      assertThat(template.hvmBootPolicy()).isEmpty();
    }
  }

  @Test
  void realStorageIsThereForDisksAndImages() throws IOException {
    Drivers simulated = Simulation.open(SimulationPlan.of(1)).drivers();
    Path data = Files.createDirectories(folder.resolve("data"));
    Drivers drivers =
        new Drivers(
            simulated.compute(), Storages.local(data), simulated.network(), simulated.machine());
    Files.createDirectories(data.resolve("iso"));
    Files.write(data.resolve("iso").resolve("a.iso"), new byte[2048]);
    try (Store store = open()) {
      boot(store, drivers, 1, Optional.empty());
      Snapshot state = store.snapshot();
      var isos = state.table(ApiModel.SR).byNameLabel("ISO library").iterator().next();
      assertThat(state.get(ApiModel.SR, isos).vdis()).hasSize(1);
      var disks = state.table(ApiModel.SR).byNameLabel("Local storage").iterator().next();
      assertThat(state.get(ApiModel.SR, disks).physicalSize()).isPositive();
    }
  }

  /** Which interfaces the server takes from the machine when it starts. */
  private static List<String> taken(Store store) {
    return store
        .snapshot()
        .rows(ApiModel.PIF)
        .map(Row::record)
        .filter(pif -> pif.managed() && pif.currentlyAttached())
        .map(Pif::device)
        .sorted()
        .toList();
  }

  @Test
  void noInterfaceIsTakenThatTheOperatorDidNotName() {
    Drivers drivers = Simulation.open(SimulationPlan.of(1)).drivers();
    try (Store store = open()) {
      boot(store, drivers, 1, Optional.empty(), Uplinks.NONE);
      assertThat(taken(store)).isEmpty();
      boot(store, drivers, 1, Optional.empty(), new Uplinks(false, Set.of("eth1")));
      assertThat(taken(store)).containsExactly("eth1");
      boot(store, drivers, 1, Optional.empty(), Uplinks.NONE);
      assertThat(taken(store)).as("what was named stays").containsExactly("eth1");
    }
  }

  @Test
  void recordsOfAServerWithoutBridgesAreNoConsent() {
    Drivers drivers = Simulation.open(SimulationPlan.of(1)).drivers();
    try (Store store = open()) {
      boot(store, drivers, 1, Optional.empty(), Uplinks.NONE);
      store.change(tx ->
          tx.rows(ApiModel.PIF)
              .map(Row::ref)
              .toList()
              .forEach(pif ->
                  tx.update(
                      ApiModel.PIF,
                      pif,
                      p -> p.with(b -> b.managed(true).currentlyAttached(true)))));
      boot(store, drivers, 1, Optional.empty(), Uplinks.NONE);
      assertThat(taken(store)).isEmpty();
    }
  }
}
