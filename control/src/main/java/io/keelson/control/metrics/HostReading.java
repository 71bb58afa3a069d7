package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.host.Machine;
import io.keelson.store.Overlay;
import java.time.Instant;
import java.util.List;

/** What a host's machine says of itself at one moment. */
record HostReading(Ref<Host> host, long memoryTotal, Machine.Load load) implements Shown {

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
            if (cpu.utilisation() != now) {
              overlay.set(ApiModel.HOST_CPU, ref, c -> c.with(b -> b.utilisation(now)));
            }
          });
    }
  }
}
