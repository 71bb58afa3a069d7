package io.keelson.server.firstboot;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostCpu;
import io.keelson.api.model.HostCpuFields;
import io.keelson.host.Machine;
import io.keelson.store.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The records of hosts' logical processors. */
final class HostCpuRows {
  private HostCpuRows() {}

  /** Makes, updates and deletes records so that they are the machine's processors. */
  static void refresh(Transaction tx, Ref<Host> host, List<Machine.Processor> processors) {
    Map<Long, Ref<HostCpu>> known = new HashMap<>();
    for (Ref<HostCpu> cpu : tx.get(ApiModel.HOST, host).hostCpus()) {
      known.put(tx.get(ApiModel.HOST_CPU, cpu).number(), cpu);
    }
    for (Machine.Processor processor : processors) {
      Ref<HostCpu> cpu = known.remove((long) processor.number());
      if (cpu == null) {
        HostCpu blank =
            HostCpuFields.API_CLASS
                .blank()
                .with(b -> b.uuid(UUID.randomUUID().toString()).host(host));
        tx.create(ApiModel.HOST_CPU, with(blank, processor));
      } else if (!with(tx.get(ApiModel.HOST_CPU, cpu), processor)
          .equals(tx.get(ApiModel.HOST_CPU, cpu))) {
        tx.update(ApiModel.HOST_CPU, cpu, record -> with(record, processor));
      }
    }
    known.values().forEach(cpu -> tx.delete(ApiModel.HOST_CPU, cpu));
  }

  private static HostCpu with(HostCpu record, Machine.Processor processor) {
    return record.with(b ->
        b.number(processor.number())
            .vendor(processor.vendor())
            .speed(processor.speedMhz())
            .modelname(processor.modelName())
            .family(processor.family())
            .model(processor.model())
            .stepping(processor.stepping())
            .flags(processor.flags())
            .features(processor.features()));
  }

  /** host.cpu_info. */
  static Map<String, String> info(Machine.Facts machine) {
    Map<String, String> info = new HashMap<>();
    info.put("cpu_count", Integer.toString(machine.processors().size()));
    info.put("socket_count", Integer.toString(machine.sockets()));
    machine.processors().stream()
        .findFirst()
        .ifPresent(first -> {
          info.put("vendor", first.vendor());
          info.put("speed", Long.toString(first.speedMhz()));
          info.put("modelname", first.modelName());
          info.put("family", Long.toString(first.family()));
          info.put("model", Long.toString(first.model()));
          info.put("stepping", first.stepping());
          info.put("flags", first.flags());
          info.put("features", first.features());
          info.put("features_after_reboot", first.features());
          info.put("physical_features", first.features());
          info.put("maskable", "no");
        });
    return Map.copyOf(info);
  }
}
