package io.keelson.server;

import io.keelson.control.Control;
import io.keelson.control.host.Agent;
import io.keelson.control.session.Pauses;
import io.keelson.control.vm.power.LifecycleSettings;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.store.JournaledStore;
import io.keelson.store.Store;
import io.keelson.store.StoreConfig;
import io.keelson.wire.XmlReplies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Which messages of the API are handled, as the parts say that the server is put together from. */
final class CoverageReport {
  private CoverageReport() {}

  static String text() throws IOException {
    Path folder = Files.createTempDirectory("keelson-coverage");
    try (Store store =
            JournaledStore.open(new StoreConfig(folder.resolve("store"), Control.derivation()));
        Control control =
            new Control(
                store,
                Simulation.open(SimulationPlan.of(1)).drivers(),
                Clock.systemUTC(),
                XmlReplies::valueText,
                Pauses.REAL,
                LifecycleSettings.withKernels(List.of()),
                folder,
                Agent.NONE)) {
      return control.coverage().text();
    } finally {
      remove(folder);
    }
  }

  private static void remove(Path folder) throws IOException {
    List<Path> paths;
    try (Stream<Path> tree = Files.walk(folder)) {
      paths = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
