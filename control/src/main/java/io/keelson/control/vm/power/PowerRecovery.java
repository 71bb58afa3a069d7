package io.keelson.control.vm.power;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.messages.VmLifecycle;
import io.keelson.api.model.Host;
import io.keelson.api.model.Task;
import io.keelson.api.model.VbdFields;
import io.keelson.api.model.VifFields;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.Resources;
import io.keelson.control.gpu.HeldDevices;
import io.keelson.control.rules.HostId;
import io.keelson.control.vm.domain.DomainEvent;
import io.keelson.control.vm.domain.DomainEvents;
import io.keelson.control.vm.domain.Watch;
import io.keelson.control.vm.guest.Quiescing;
import io.keelson.control.vm.power.Interrupted.Remedy;
import io.keelson.control.vm.power.Interrupted.Verdict;
import io.keelson.host.Domain;
import io.keelson.host.DriverException;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings records and domains together when a server starts: takes over what runs, settles what was
 * under way by what really happened, and then lets reactions begin.
 */
final class PowerRecovery {
  private static final Logger LOG = LoggerFactory.getLogger(PowerRecovery.class);

  private static final Set<VmOperations> REBOOTS =
      EnumSet.of(VmOperations.HARD_REBOOT, VmOperations.CLEAN_REBOOT);

  private final Resources resources;
  private final PowerParts parts;
  private final DomainEvents.Reaction reaction;

  PowerRecovery(Resources resources, PowerParts parts, DomainEvents.Reaction reaction) {
    this.resources = resources;
    this.parts = parts;
    this.reaction = reaction;
  }

  /** A domain that is alive, and on which host. */
  private record Alive(Ref<Host> host, Domain domain) {}

  void recover() {
    parts.runs().compute().listen(parts.events());
    Snapshot before = parts.store().snapshot();
    Set<Ref<Host>> silent = new HashSet<>();
    Map<UUID, Alive> alive = adopt(before, silent);
    Map<UUID, DomainEvent> heard = new HashMap<>();
    parts.events().held().forEach(event -> heard.put(event.vm(), event));
    List<DomainEvent> resolved = new ArrayList<>();
    List<Restart> restarts = new ArrayList<>();
    before
        .rows(ApiModel.VM)
        .filter(row -> !row.record().isControlDomain())
        .filter(row -> !silent.contains(row.record().residentOn()))
        .forEach(row -> {
          UUID id = UUID.fromString(row.record().uuid());
          Optional<DomainEvent> event = Optional.ofNullable(heard.get(id));
          Remedy remedy = recover(row, Optional.ofNullable(alive.remove(id)), event);
          if (remedy != Remedy.REACT) {
            event.ifPresent(resolved::add);
          }
          if (remedy == Remedy.RESTART) {
            restarts.add(Restart.of(row));
          }
        });
    alive.forEach(
        (vm, orphan) -> LOG.warn("domain {} of {} belongs to no VM", orphan.domain(), vm));
    parts.events().release(reaction, resolved);
    restarts.forEach(this::restart);
  }

  private Map<UUID, Alive> adopt(Snapshot state, Set<Ref<Host>> silent) {
    Map<UUID, Alive> alive = new HashMap<>();
    state
        .rows(ApiModel.HOST)
        .forEach(host -> {
          try {
            UUID id = UUID.fromString(host.record().uuid());
            for (Domain domain : parts.runs().compute().adopt(id)) {
              alive.put(domain.vm(), new Alive(host.ref(), domain));
            }
          } catch (DriverException e) {
            LOG.error("what runs on {} is not known", host.record().nameLabel(), e);
            silent.add(host.ref());
          }
        });
    return alive;
  }

  private Remedy recover(Row<Vm> row, Optional<Alive> alive, Optional<DomainEvent> heard) {
    Vm vm = row.record();
    Interrupted found =
        new Interrupted(
            vm.powerState(), vm.domid(), alive.map(Alive::domain), heard.map(DomainEvent::change));
    Remedy remedy = found.idle();
    Map<Ref<Task>, Boolean> tasks = new HashMap<>();
    for (Map.Entry<String, VmOperations> work : weakestFirst(vm)) {
      Verdict verdict = found.during(work.getValue());
      remedy = verdict.remedy();
      tasks.put(new Ref<>(work.getKey()), verdict.done());
      LOG.info("{} of {} was interrupted: {}", work.getValue(), vm.uuid(), verdict);
    }
    boolean scheduled = !vm.scheduledToBeResidentOn().isNull();
    if (remedy != Remedy.KEEP || !tasks.isEmpty() || scheduled) {
      apply(row, alive, remedy, tasks);
    }
    tidy(row, alive);
    return remedy;
  }

  /** Takes back what interrupted operations left besides the VM's state. */
  private void tidy(Row<Vm> row, Optional<Alive> alive) {
    row.record()
        .currentOperations()
        .forEach((task, operation) -> {
          MemoryImages.recover(parts, row.ref(), task);
          if (operation == VmOperations.SNAPSHOT_WITH_QUIESCE) {
            alive.ifPresent(this::letGo);
          }
          if (operation == VmOperations.POOL_MIGRATE || operation == VmOperations.MIGRATE_SEND) {
            alive.ifPresent(there -> keepCards(row.ref(), there));
          }
        });
  }

  /** Of two connections that a card had while its VM was moving, one is left. */
  private void keepCards(Ref<Vm> ref, Alive alive) {
    Snapshot state = parts.store().snapshot();
    UUID host = HostId.of(state, alive.host());
    try {
      var used = parts.runs().compute().nics(host, alive.domain().vm());
      parts.runs().nics().settle(state, ref, alive.host(), used);
    } catch (DriverException e) {
      LOG.warn("network cards of {} may be connected twice", alive.domain().vm(), e);
    }
  }

  private void letGo(Alive alive) {
    UUID host = UUID.fromString(parts.store().snapshot().get(ApiModel.HOST, alive.host()).uuid());
    new Quiescing(parts.runs().compute()).letGoLater(host, alive.domain().vm());
  }

  /** Of operations that were under way at once, the one that takes over decides. */
  private static List<Map.Entry<String, VmOperations>> weakestFirst(Vm vm) {
    List<VmOperations> strong =
        List.of(VmOperations.HARD_REBOOT, VmOperations.SHUTDOWN, VmOperations.HARD_SHUTDOWN);
    return vm.currentOperations().entrySet().stream()
        .sorted(Comparator.comparingInt(work -> strong.indexOf(work.getValue())))
        .toList();
  }

  private void apply(
      Row<Vm> row, Optional<Alive> alive, Remedy remedy, Map<Ref<Task>, Boolean> tasks) {
    Ref<Vm> ref = row.ref();
    Snapshot before = parts.store().snapshot();
    Optional<Placed> placed = Placed.of(before, ref);
    UUID id = UUID.fromString(row.record().uuid());
    switch (remedy) {
      case WAKE -> placed.ifPresent(p -> parts.runs().compute().unpause(p.hostId(), id));
      case END -> placed.ifPresent(p -> parts.runs().end(before, p));
      case HALT, SUSPEND -> placed.ifPresent(p -> parts.runs().release(before, p));
      case KEEP, ADOPT, RESTART, REACT -> {}
    }
    boolean imageGoes =
        switch (remedy) {
          case HALT, END, ADOPT, WAKE -> true;
          case KEEP, SUSPEND, RESTART, REACT ->
              row.record().currentOperations().containsValue(VmOperations.SUSPEND)
                  && remedy != Remedy.SUSPEND;
        };
    if (imageGoes) {
      parts.images().discard(before, row.record().suspendVdi());
    }
    parts
        .store()
        .change(tx -> {
          write(tx, ref, alive, remedy);
          if (imageGoes) {
            SuspendImages.forget(tx, ref);
          }
          tx.update(ApiModel.VM, ref, v -> v.with(b -> b.scheduledToBeResidentOn(Ref.none())));
          tasks.forEach((task, done) -> {
            unmark(tx, ref, task);
            if (!done || remedy != Remedy.RESTART) {
              finish(tx, task, done);
            }
          });
        });
  }

  private void write(Transaction tx, Ref<Vm> ref, Optional<Alive> alive, Remedy remedy) {
    switch (remedy) {
      case ADOPT -> alive.ifPresent(a -> parts.states().adopted(tx, ref, a.host(), a.domain()));
      case HALT, END -> parts.states().halted(tx, ref);
      case SUSPEND -> parts.states().suspended(tx, ref);
      case KEEP -> {
        if (alive.isEmpty()) {
          HeldDevices.detached(tx, ref); // it was about to run, and does not
        }
      }
      case WAKE, RESTART, REACT -> {}
    }
  }

  private static void unmark(Transaction tx, Ref<Vm> ref, Ref<Task> task) {
    Vm vm = tx.get(ApiModel.VM, ref);
    Marks.remove(tx, ApiModel.VM, ref, VmFields.CURRENT_OPERATIONS, task);
    vm.vbds().forEach(v -> Marks.remove(tx, ApiModel.VBD, v, VbdFields.CURRENT_OPERATIONS, task));
    vm.vifs().forEach(v -> Marks.remove(tx, ApiModel.VIF, v, VifFields.CURRENT_OPERATIONS, task));
  }

  private void finish(Transaction tx, Ref<Task> task, boolean done) {
    if (done) {
      resources
          .tasks()
          .succeed(tx, new OwnCall(VmLifecycle.Specs.HARD_REBOOT, task), Reply.NOTHING);
    } else {
      resources
          .tasks()
          .fail(
              tx,
              task,
              ApiErrors.internalError(List.of("the server ended while this was under way")));
    }
  }

  private void restart(Restart restart) {
    try (Watch watch = parts.events().watch(restart.id())) {
      resources
          .operations()
          .run(
              new OwnCall(VmLifecycle.Specs.HARD_REBOOT, restart.task()),
              new RebootSteps(parts, restart.vm(), RebootSteps.Way.FOLLOW, watch));
    } catch (ApiError e) {
      LOG.warn("{} could not be started again: {}", restart.id(), e.getMessage());
    }
  }

  /**
   * A reboot that is to be finished.
   *
   * @param task of the call that began it
   */
  private record Restart(Ref<Vm> vm, UUID id, Ref<Task> task) {
    static Restart of(Row<Vm> row) {
      Ref<Task> task =
          row.record().currentOperations().entrySet().stream()
              .filter(work -> REBOOTS.contains(work.getValue()))
              .map(work -> new Ref<Task>(work.getKey()))
              .findFirst()
              .orElseGet(Ref::fresh);
      return new Restart(row.ref(), UUID.fromString(row.record().uuid()), task);
    }
  }
}
