package io.keelson.control.vm.power;

import static io.keelson.control.rules.Refusals.raise;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Network;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdFields;
import io.keelson.api.model.VbdOperations;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.control.network.VmNics;
import io.keelson.control.operation.Claims;
import io.keelson.control.rules.HostId;
import io.keelson.control.rules.Refusals;
import io.keelson.host.Domain;
import io.keelson.host.DriverException;
import io.keelson.host.Handover;
import io.keelson.host.NicSpec;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Takes a running VM's domain to a host, which may be the one that it is on: part of an operation
 * that has claimed the VM.
 *
 * @param networks what some of its cards are to be on afterwards
 */
record DomainMove(PowerParts parts, Ref<Vm> ref, Map<Ref<Vif>, Ref<Network>> networks) {
  DomainMove {
    networks = Map.copyOf(networks);
  }

  /** Where it goes, and how its cards are connected there. */
  record Plan(Placed from, Vm vm, Ref<Host> host, UUID hostId, VmNics.Plan nics) {
    boolean stays() {
      return from.host().equals(host);
    }
  }

  /** Claims the VM's devices, and its place on the host. */
  Plan claim(Transaction tx, Claims claims, Ref<Host> host) {
    Vm vm = tx.get(ApiModel.VM, ref);
    Placed from = Placed.require(tx, ref);
    for (Ref<Vbd> vbd : vm.vbds()) {
      Vbd drive = tx.get(ApiModel.VBD, vbd);
      if (drive.currentlyAttached()) {
        raise(Refusals.busy("VBD", vbd, drive.currentOperations(), VbdOperations::text));
        claims.add(ApiModel.VBD, vbd, VbdFields.CURRENT_OPERATIONS, VbdOperations.PAUSE);
      }
    }
    VmNics.Plan nics = VmNics.claimMove(tx, claims, ref, host, networks);
    tx.update(ApiModel.VM, ref, v -> v.with(b -> b.scheduledToBeResidentOn(host)));
    return new Plan(from, vm, host, HostId.of(tx, host), nics);
  }

  /**
   * @throws io.keelson.api.ApiError VM_MIGRATE_FAILED, HOST_NOT_ENOUGH_FREE_MEMORY
   */
  Domain act(Plan plan, Progress progress) {
    try {
      return plan.stays() ? within(plan, progress) : across(plan, progress);
    } catch (DriverException e) {
      if (e.reason() == DriverException.Reason.CANCELLED) {
        throw e;
      }
      throw ApiErrors.vmMigrateFailed(
          ref.text(),
          plan.from().host().text(),
          plan.host().text(),
          String.valueOf(e.getMessage()));
    }
  }

  private Domain within(Plan plan, Progress progress) {
    VmNics nics = parts.runs().nics();
    Placed at = plan.from();
    List<NicSpec> before = parts.runs().compute().nics(at.hostId(), at.vmId());
    List<NicSpec> after = nics.attachNext(plan.nics(), before);
    Domain domain;
    try {
      domain = migrate(plan, after, Handover.NONE, progress);
    } catch (RuntimeException failure) {
      nics.keep(at.hostId(), at.vmId(), before);
      throw failure;
    }
    nics.keep(at.hostId(), at.vmId(), after);
    return domain;
  }

  private Domain across(Plan plan, Progress progress) {
    VmNics nics = parts.runs().nics();
    long _ =
        parts
            .balancer()
            .makeRoom(
                plan.host(),
                ref,
                plan.vm().memoryDynamicMin(),
                Math.max(plan.vm().memoryDynamicMin(), plan.vm().memoryTarget()),
                progress);
    List<NicSpec> after = nics.attach(plan.nics());
    Domain domain;
    try {
      domain = migrate(plan, after, takingPlace(plan), progress);
    } catch (RuntimeException failure) {
      nics.detach(plan.nics());
      throw failure;
    }
    parts.runs().release(parts.store().snapshot(), plan.from());
    return domain;
  }

  private Domain migrate(Plan plan, List<NicSpec> cards, Handover handover, Progress progress) {
    Placed from = plan.from();
    return parts
        .runs()
        .compute()
        .migrate(from.hostId(), from.vmId(), plan.hostId(), cards, handover, progress);
  }

  /** From the instant of the change the records say where the VM is, whatever happens next. */
  private Handover takingPlace(Plan plan) {
    return new Handover() {
      @Override
      public void commit() {
        place(plan.host());
      }

      @Override
      public void rollback() {
        place(plan.from().host());
      }
    };
  }

  private void place(Ref<Host> host) {
    parts.store().change(tx -> tx.update(ApiModel.VM, ref, v -> v.with(b -> b.residentOn(host))));
  }

  void settle(Transaction tx, Plan plan, Domain domain) {
    parts.states().moved(tx, ref, plan.host(), domain);
    VmNics.moved(tx, networks);
  }

  static void undo(Transaction tx, Ref<Vm> ref) {
    tx.update(ApiModel.VM, ref, v -> v.with(b -> b.scheduledToBeResidentOn(Ref.none())));
  }
}
