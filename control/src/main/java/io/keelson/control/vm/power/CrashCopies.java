package io.keelson.control.vm.power;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmLifecycle;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.operation.Operations;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What actions_after_crash=rename_restart says: a VM that crashed is renamed, halted and kept as it
 * is, and a copy of it runs under the old name.
 *
 * <p>Until the copy runs, both name the VM that crashed in their other_config, the copy because it
 * copies that too: so a server that ends on the way finds how far it had come.
 */
final class CrashCopies {
  private static final Logger LOG = LoggerFactory.getLogger(CrashCopies.class);

  /** other_config: uuid of the VM that crashed and is to be copied. */
  private static final String UNDER_WAY = "crashed_vm";

  /** other_config: the name that the VM had. */
  private static final String NAME = "crashed_vm_name";

  private final PowerParts parts;
  private final Operations operations;
  private final BiFunction<Ref<Vm>, String, Ref<Vm>> copier;
  private final Clock clock;

  /**
   * @param copier makes a copy of a halted VM under a name
   */
  CrashCopies(
      PowerParts parts,
      Operations operations,
      BiFunction<Ref<Vm>, String, Ref<Vm>> copier,
      Clock clock) {
    this.parts = parts;
    this.operations = operations;
    this.copier = copier;
    this.clock = clock;
  }

  /**
   * Says what is to become of a VM that crashed.
   *
   * @return false when it is not in that run any more
   */
  boolean begin(Placed placed) {
    return parts
        .store()
        .transact(tx -> {
          if (!placed.isCurrent(tx)) {
            return false;
          }
          Vm vm = tx.get(ApiModel.VM, placed.vm());
          Map<String, String> config = new LinkedHashMap<>(vm.otherConfig());
          config.put(UNDER_WAY, vm.uuid());
          config.put(NAME, vm.nameLabel());
          tx.update(ApiModel.VM, placed.vm(), v -> v.with(b -> b.otherConfig(Map.copyOf(config))));
          return true;
        });
  }

  /** Writes down that the crashed run has ended. */
  void setAside(Placed placed) {
    parts
        .store()
        .change(tx -> {
          if (placed.isCurrent(tx)) {
            parts.states().halted(tx, placed.vm());
          }
        });
  }

  /**
   * Renames a VM that was set aside, makes its copy and starts that, as far as it is not done.
   *
   * @return the copy
   */
  Ref<Vm> startCopy(Ref<Vm> crashed) {
    String name = parts.store().transact(tx -> rename(tx, crashed));
    Snapshot now = parts.store().snapshot();
    Ref<Vm> copy =
        copyOf(now, now.get(ApiModel.VM, crashed)).orElseGet(() -> copier.apply(crashed, name));
    if (parts.store().snapshot().get(ApiModel.VM, copy).powerState() == VmPowerState.HALTED) {
      operations.run(
          new OwnCall(VmLifecycle.Specs.START, Ref.fresh()),
          new StartSteps(parts, copy, VmOperations.START, new Choice.Any(List.of()), false));
    }
    parts.store().change(tx -> List.of(crashed, copy).forEach(ref -> unmark(tx, ref)));
    return copy;
  }

  /** Its name until now, which its copy gets. */
  private String rename(Transaction tx, Ref<Vm> ref) {
    Vm vm = tx.get(ApiModel.VM, ref);
    String name = vm.otherConfig().getOrDefault(NAME, vm.nameLabel());
    if (vm.nameLabel().equals(name)) {
      Instant at = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      tx.update(ApiModel.VM, ref, v -> v.with(b -> b.nameLabel(name + " (crashed " + at + ")")));
    }
    return name;
  }

  /** Goes on with what was under way when the server last ended. */
  void recover() {
    parts
        .store()
        .snapshot()
        .rows(ApiModel.VM)
        .filter(row -> row.record().uuid().equals(row.record().otherConfig().get(UNDER_WAY)))
        .filter(row -> row.record().powerState() == VmPowerState.HALTED)
        .map(Row::ref)
        .toList()
        .forEach(crashed -> {
          try {
            Ref<Vm> _ = startCopy(crashed);
          } catch (ApiError e) {
            LOG.warn("no copy of {}, which crashed, runs: {}", crashed, e.getMessage());
          }
        });
  }

  private static Optional<Ref<Vm>> copyOf(Snapshot state, Vm crashed) {
    return state
        .rows(ApiModel.VM)
        .filter(row -> !row.record().uuid().equals(crashed.uuid()))
        .filter(row -> !row.record().isASnapshot() && !row.record().isATemplate())
        .filter(row -> crashed.uuid().equals(row.record().otherConfig().get(UNDER_WAY)))
        .map(Row::ref)
        .findFirst();
  }

  private static void unmark(Transaction tx, Ref<Vm> ref) {
    if (tx.find(ApiModel.VM, ref).isEmpty()) {
      return;
    }
    Map<String, String> config = new LinkedHashMap<>(tx.get(ApiModel.VM, ref).otherConfig());
    config.remove(UNDER_WAY);
    config.remove(NAME);
    tx.update(ApiModel.VM, ref, v -> v.with(b -> b.otherConfig(Map.copyOf(config))));
  }
}
