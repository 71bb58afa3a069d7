package io.keelson.control.alert.alarm;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Message;
import io.keelson.control.alert.Alert;
import io.keelson.control.alert.Alerts;
import io.keelson.control.metrics.Owner;
import io.keelson.control.metrics.rrd.Reading;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Raises an alarm when something that is measured has been beyond the limit set for it in
 * other_config:perfmon of its VM, host or repository. To be called after each measurement, by one
 * thread.
 */
public final class Alarms {
  private final Store store;
  private final Alerts alerts;
  private final BondWatch bonds;
  private final Map<Owner, Watched> watched = new HashMap<>();

  public Alarms(Store store, Alerts alerts) {
    this.store = store;
    this.alerts = alerts;
    this.bonds = new BondWatch(alerts);
  }

  /** The limits of an object, as they were read, and how long each has been passed. */
  private record Watched(Limits limits, List<Variable> variables, Map<String, AlarmTimer> timers) {}

  /** An alarm that is due. */
  private record Due(Owner owner, Variable variable, double value) {
    Ref<Message> raise(Transaction tx, Alerts alerts) {
      Cls cls =
          switch (owner.kind()) {
            case VM -> Cls.VM;
            case HOST -> Cls.HOST;
            case SR -> Cls.SR;
          };
      return alerts.raise(
          tx,
          Alert.ALARM.name(),
          variable.priority(),
          cls,
          owner.uuid().toString(),
          variable.body(value));
    }
  }

  /**
   * Looks at what was measured.
   *
   * @param newest of each object
   */
  public void check(Map<Owner, Collection<Reading>> newest) {
    Snapshot state = store.snapshot();
    Instant now = alerts.clock().instant();
    Map<String, String> shared = Limits.ofRepositories(state);
    watched.keySet().retainAll(newest.keySet());
    List<Due> due = new ArrayList<>();
    newest.forEach((owner, readings) -> {
      Limits limits =
          new Limits(
              otherConfig(state, owner).getOrDefault(Variables.KEY, ""),
              owner.kind() == Owner.Kind.HOST ? shared : Map.of());
      if (limits.areNone()) {
        watched.remove(owner);
      } else {
        due.addAll(look(owner, limits, readings, now));
      }
    });
    if (!due.isEmpty() || bonds.changed(state)) {
      store.change(tx -> {
        due.forEach(each -> {
          Ref<Message> _ = each.raise(tx, alerts);
        });
        bonds.tell(tx);
      });
    }
  }

  private List<Due> look(Owner owner, Limits limits, Collection<Reading> readings, Instant now) {
    Watched known = watched.get(owner);
    if (known == null || !known.limits.equals(limits)) {
      known = new Watched(limits, limits.read(owner.kind()), new HashMap<>());
      watched.put(owner, known);
    }
    List<Due> due = new ArrayList<>();
    for (Variable variable : known.variables) {
      OptionalDouble value = variable.value(readings);
      if (value.isPresent()) {
        AlarmTimer.Next next =
            known
                .timers
                .getOrDefault(variable.xml(), AlarmTimer.FRESH)
                .after(variable, value.getAsDouble(), now);
        known.timers.put(variable.xml(), next.timer());
        if (next.due()) {
          due.add(new Due(owner, variable, value.getAsDouble()));
        }
      }
    }
    return due;
  }

  private static Map<String, String> otherConfig(Snapshot state, Owner owner) {
    String uuid = owner.uuid().toString();
    return switch (owner.kind()) {
      case VM ->
          state
              .table(ApiModel.VM)
              .byUuid(uuid)
              .map(ref -> state.get(ApiModel.VM, ref).otherConfig())
              .orElse(Map.of());
      case HOST ->
          state
              .table(ApiModel.HOST)
              .byUuid(uuid)
              .map(ref -> state.get(ApiModel.HOST, ref).otherConfig())
              .orElse(Map.of());
      case SR ->
          state
              .table(ApiModel.SR)
              .byUuid(uuid)
              .map(ref -> state.get(ApiModel.SR, ref).otherConfig())
              .orElse(Map.of());
    };
  }
}
