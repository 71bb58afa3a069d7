package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.host.Drivers;
import io.keelson.host.Machine;
import io.keelson.store.Overlay;
import io.keelson.store.Row;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What a host's machine says of itself at one moment. */
record HostReading(Ref<Host> host, long memoryTotal, Machine.Load load) implements Reading {

  static HostReading of(Drivers drivers, Row<Host> host) {
    UUID uuid = UUID.fromString(host.record().uuid());
    return new HostReading(
        host.ref(), drivers.machine().facts(uuid).memoryTotalBytes(), drivers.machine().load(uuid));
  }

  @Override
  public void write(Overlay overlay, Instant now) {
    overlay
        .find(ApiModel.HOST, host)
        .ifPresent(record -> {
          overlay.set(
              ApiModel.HOST_METRICS,
              record.metrics(),
              m ->
                  m.with(b ->
                      b.live(true)
                          .memoryTotal(memoryTotal)
                          .memoryFree(load.memoryFreeBytes())
                          .lastUpdated(now)));
          writeProcessors(overlay, record);
        });
  }

  private void writeProcessors(Overlay overlay, Host record) {
    List<Double> utilisation = load.processorUtilisation();
    for (var ref : record.hostCpus()) {
      overlay
          .find(ApiModel.HOST_CPU, ref)
          .filter(cpu -> cpu.number() < utilisation.size())
          .ifPresent(cpu -> {
            double now = utilisation.get(Math.toIntExact(cpu.number()));
            overlay.set(ApiModel.HOST_CPU, ref, c -> c.with(b -> b.utilisation(now)));
          });
    }
  }
}
