package io.keelson.server.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Sr;
import io.keelson.host.Drivers;
import io.keelson.host.Storage;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Whether the parts of the server do what they are there for, found out by using them. */
public final class Health {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int PROBE_BYTES = 4096;

  private final Store store;
  private final Drivers drivers;
  private final Path data;

  public Health(Store store, Drivers drivers, Path data) {
    this.store = store;
    this.drivers = drivers;
    this.data = data;
  }

  /**
   * How a part is.
   *
   * @param trouble empty when it is well
   */
  record Check(String part, Optional<String> trouble) {}

  /** Finds a part well by returning. */
  @FunctionalInterface
  private interface Probe {
    void run() throws IOException;
  }

  /** Looks at all parts side by side; one that does not answer in time is not well. */
  List<Check> check() {
    Map<String, Probe> probes = new LinkedHashMap<>();
    probes.put("store", this::write);
    Snapshot state = store.snapshot();
    state
        .rows(ApiModel.HOST)
        .forEach(host -> {
          UUID uuid = UUID.fromString(host.record().uuid());
          probes.put(
              "host " + uuid,
              () -> {
                if (!host.record().enabled()) {
                  throw new IOException("the host is disabled");
                }
              });
          probes.put("compute on " + uuid, () -> drivers.compute().hypervisor(uuid));
          probes.put("network on " + uuid, () -> drivers.network().interfaces(uuid));
          probes.put("machine of " + uuid, () -> drivers.machine().facts(uuid));
        });
    state.rows(ApiModel.PBD).map(Row::record).forEach(pbd -> storage(state, pbd, probes));
    List<Map.Entry<String, CompletableFuture<Optional<String>>>> answers = new ArrayList<>();
    probes.forEach((part, probe) -> answers.add(Map.entry(part, start(probe))));
    return answers.stream().map(e -> new Check(e.getKey(), e.getValue().join())).toList();
  }

  private void storage(Snapshot state, Pbd pbd, Map<String, Probe> probes) {
    Optional<Sr> sr = state.find(ApiModel.SR, pbd.sr()).filter(_ -> pbd.currentlyAttached());
    Optional<Storage> driver =
        sr.flatMap(s -> Optional.ofNullable(drivers.storages().get(s.type())));
    if (driver.isPresent()) {
      UUID repository = UUID.fromString(sr.get().uuid());
      UUID host = UUID.fromString(state.get(ApiModel.HOST, pbd.host()).uuid());
      probes.put(
          "repository " + repository + " on " + host, () -> driver.get().space(host, repository));
    }
  }

  private static CompletableFuture<Optional<String>> start(Probe probe) {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                probe.run();
                return Optional.<String>empty();
              } catch (IOException | RuntimeException e) {
                return Optional.of(String.valueOf(e.getMessage()));
              }
            },
            Thread::startVirtualThread)
        .completeOnTimeout(
            Optional.of("no answer in " + PATIENCE.toSeconds() + " s"),
            PATIENCE.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** The disk takes a page, and the journal all that it was given before. */
  private void write() throws IOException {
    Path probe = Files.createTempFile(data, "health", "");
    try (FileChannel out = FileChannel.open(probe, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.allocate(PROBE_BYTES));
      out.force(false);
    } finally {
      Files.deleteIfExists(probe);
    }
    store.change(_ -> {});
  }
}
