package io.keelson.control.protection;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Arguments;
import io.keelson.api.BoundMessage;
import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Message;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vm;
import io.keelson.api.model.Vmpp;
import io.keelson.control.DirectCall;
import io.keelson.control.PlainSink;
import io.keelson.control.Resources;
import io.keelson.control.TestClock;
import io.keelson.control.exchange.VmExchange;
import io.keelson.control.session.RecordKeys;
import io.keelson.control.session.SessionLimits;
import io.keelson.control.session.Sessions;
import io.keelson.control.vm.VmLab;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.store.Row;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Policies on a simulated VM, with a clock that a test sets: it begins on a Saturday at noon. */
final class ProtectionLab implements AutoCloseable {
  final TestClock clock = new TestClock();
  final VmLab machines;
  final Ref<Vm> vm;
  Protection protection;

  ProtectionLab(Path folder) {
    machines = VmLab.open(folder, Simulation.open(SimulationPlan.of(1)).drivers(), 1);
    protection = recovered();
    vm = machines.make(b -> b.nameLabel("web/1"));
    machines.disk(vm, 0, VbdMode.RW);
  }

  /** A server that knows no more than what is written down. */
  void restart() {
    protection = recovered();
  }

  private Protection recovered() {
    Resources own = machines.resources();
    Protection fresh =
        new Protection(
            new Resources(own.store(), own.operations(), own.tasks(), own.drivers(), clock),
            machines.protectionParts(),
            new VmExchange(own, keys(own)),
            ZoneOffset.UTC,
            Runnable::run);
    fresh.recover();
    return fresh;
  }

  /** Nobody brings anything in here. */
  private static RecordKeys keys(Resources own) {
    Sessions sessions = new Sessions(own.store(), own.clock(), SessionLimits.USUAL);
    return new RecordKeys(
        sessions,
        () -> {
          throw new AssertionError("archives are only written");
        });
  }

  Object call(String name, Value... arguments) {
    BoundMessage message =
        protection.messages().stream()
            .filter(m -> m.spec().wireName().equals("VMPP." + name))
            .findFirst()
            .orElseThrow();
    return PlainSink.of(
        message
            .binder()
            .bind(new Arguments(List.of(arguments)))
            .run(DirectCall.of(message.spec())));
  }

  List<String> error(String name, Value... arguments) {
    try {
      call(name, arguments);
      return List.of();
    } catch (ApiError e) {
      return e.description();
    }
  }

  static Value text(String text) {
    return new Value.Text(text);
  }

  static Value text(Ref<?> ref) {
    return new Value.Text(ref.text());
  }

  static Value map(Map<String, String> map) {
    Map<String, Value> members = new LinkedHashMap<>();
    map.forEach((k, v) -> members.put(k, text(v)));
    return new Value.Structure(members);
  }

  static Map<String, Value> daily() {
    Map<String, Value> wanted = new HashMap<>();
    wanted.put("name_label", text("nightly"));
    wanted.put("backup_frequency", text("daily"));
    wanted.put("backup_schedule", map(Map.of("hour", "3", "min", "15")));
    return wanted;
  }

  Ref<Vmpp> policy(Map<String, Value> wanted) {
    Ref<Vmpp> policy = Ref.of(call("create", new Value.Structure(wanted)).toString());
    machines.call("set_protection_policy", vm, policy);
    protection.tick();
    return policy;
  }

  Vmpp record(Ref<Vmpp> policy) {
    return machines.state().get(ApiModel.VMPP, policy);
  }

  List<Ref<Vm>> taken() {
    return Retention.snapshots(machines.state(), vm);
  }

  List<String> told() {
    return machines
        .state()
        .rows(ApiModel.MESSAGE)
        .filter(row -> row.record().cls() == Cls.VMPP)
        .sorted(Comparator.comparingLong(Row::created))
        .map(Row::record)
        .map(Message::name)
        .toList();
  }

  @Override
  public void close() {
    machines.close();
  }
}
