package io.keelson.server.metrics;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.model.Host;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vm;
import io.keelson.control.metrics.Owner;
import io.keelson.control.metrics.Statistics;
import io.keelson.control.metrics.rrd.DataSource;
import io.keelson.control.metrics.rrd.Reading;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** What was measured of hosts, VMs and repositories, as Prometheus reads it. */
public final class Exposition {
  private final Store store;
  private final Statistics statistics;

  public Exposition(Store store, Statistics statistics) {
    this.store = store;
    this.statistics = statistics;
  }

  /** The text, each object labelled with its uuid and its name. */
  public String text() {
    Families families = new Families();
    Snapshot state = store.snapshot();
    Map<Owner, Collection<Reading>> newest = statistics.newest();
    state
        .rows(ApiModel.HOST)
        .forEach(row ->
            families.gauge(
                "keelson_host_enabled",
                "Whether the host takes VMs.",
                labels(row.record().uuid(), row.record().nameLabel()),
                row.record().enabled() ? 1 : 0));
    state.rows(ApiModel.VM).map(Row::record).forEach(vm -> powerState(families, vm));
    newest.forEach((owner, readings) -> {
      Map<String, String> object = labels(owner.uuid().toString(), name(state, owner));
      readings.forEach(reading -> add(families, owner.kind(), object, reading));
    });
    return families.toString();
  }

  private static void powerState(Families families, Vm vm) {
    if (!vm.isATemplate() && !vm.isASnapshot() && !vm.isControlDomain()) {
      Map<String, String> labels = labels(vm.uuid(), vm.nameLabel());
      labels.put("state", vm.powerState().text().toLowerCase(Locale.ROOT));
      families.gauge("keelson_vm_power_state", "How the VM stands.", labels, 1);
    }
  }

  private static void add(
      Families families, Owner.Kind kind, Map<String, String> object, Reading reading) {
    Naming.of(reading)
        .ifPresent(naming -> {
          Map<String, String> labels = new LinkedHashMap<>(object);
          labels.putAll(naming.labels());
          String name = "keelson_" + kind.text() + "_" + naming.name();
          String help = help(reading.source());
          if (reading.source().kind() == DataSource.Kind.DERIVE) {
            families.counter(name, help, labels, reading.raw());
          } else {
            families.gauge(name, help, labels, reading.value() * naming.scale());
          }
        });
  }

  /** A name has one help for all its devices, so their numbers are left out. */
  private static String help(DataSource source) {
    return source
            .description()
            .replaceFirst(" (on|from|to|of) (device|interface|repository|VIF) .*", "")
            .replaceFirst(" processor \\d+$", " processor")
        + ".";
  }

  private static String name(Snapshot state, Owner owner) {
    return switch (owner.kind()) {
      case HOST -> name(state, ApiModel.HOST, owner, Host::nameLabel);
      case VM -> name(state, ApiModel.VM, owner, Vm::nameLabel);
      case SR -> name(state, ApiModel.SR, owner, Sr::nameLabel);
    };
  }

  private static <R extends ApiRecord> String name(
      Snapshot state, ApiClass<R> apiClass, Owner owner, Function<R, String> label) {
    return state
        .table(apiClass)
        .byUuid(owner.uuid().toString())
        .flatMap(ref -> state.find(apiClass, ref))
        .map(label)
        .orElse("");
  }

  private static Map<String, String> labels(String uuid, String name) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("uuid", uuid);
    labels.put("name", name);
    return labels;
  }
}
