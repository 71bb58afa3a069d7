package io.keelson.host.qemu;

import io.keelson.host.DomainChanges;
import io.keelson.host.DomainSpec;
import io.keelson.host.qemu.qmp.Json;
import java.util.List;

/** Changes how much memory and how many processors a running domain has. Its lock is held. */
final class Resources {
  private Resources() {}

  static void setMemoryTarget(LiveDomain domain, long bytes) {
    domain.requireUsable();
    DomainSpec changed = DomainChanges.memoryTarget(domain.record().spec(), bytes);
    domain.execute("balloon", Json.object().put("value", bytes));
    domain.update(record -> record.withSpec(changed));
  }

  static void setProcessors(LiveDomain domain, int count) {
    domain.requireUsable();
    domain.requireStaying();
    int now = domain.record().spec().processors();
    DomainSpec _ = DomainChanges.processors(domain.record().spec(), count);
    if (domain.execute("query-hotpluggable-cpus") instanceof Json.Items(List<Json> places)) {
      List<Json.Members> free =
          places.stream()
              .filter(Json.Members.class::isInstance)
              .map(Json.Members.class::cast)
              .filter(place -> place.get("qom-path").isEmpty())
              .toList()
              .reversed(); // QEMU lists the highest number first
      for (int n = now; n < count; n++) {
        add(domain, free.get(n - now), n);
      }
    }
  }

  private static void add(LiveDomain domain, Json.Members place, int number) {
    Json.Builder device =
        Json.object().put("driver", place.text("type").orElse("")).put("id", "processor" + number);
    place.members("props").values().forEach(device::put);
    domain.execute("device_add", device);
    domain.update(record -> record.withSpec(record.spec().with(c -> c.processors(number + 1))));
  }
}
