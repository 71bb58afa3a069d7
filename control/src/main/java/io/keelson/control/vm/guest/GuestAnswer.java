package io.keelson.control.vm.guest;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmGuestMetrics;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.rule.VmAllowedOperations;
import io.keelson.host.GuestReport;
import io.keelson.store.Overlay;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What the agent of a VM said in one of its runs.
 *
 * @param report empty when there is no agent, or it does not answer
 */
record GuestAnswer(Ref<Vm> vm, long domid, Optional<GuestReport> report) {

  /** Whether the records say something else. */
  boolean changes(Snapshot state) {
    return current(state).flatMap(record -> told(state, record)).isPresent();
  }

  void write(Transaction tx) {
    current(tx)
        .flatMap(record -> told(tx, record))
        .ifPresent(told -> {
          Ref<VmGuestMetrics> ref = tx.get(ApiModel.VM, vm).guestMetrics();
          if (tx.find(ApiModel.VM_GUEST_METRICS, ref).isPresent()) {
            tx.update(ApiModel.VM_GUEST_METRICS, ref, _ -> told);
          } else {
            Ref<VmGuestMetrics> made = tx.create(ApiModel.VM_GUEST_METRICS, told);
            tx.update(ApiModel.VM, vm, v -> v.with(b -> b.guestMetrics(made)));
          }
        });
  }

  /** What follows from it: its date, and what may be done with the VM. */
  void follow(Overlay overlay, Instant now) {
    overlay
        .find(ApiModel.VM, vm)
        .map(Vm::guestMetrics)
        .filter(ref -> overlay.find(ApiModel.VM_GUEST_METRICS, ref).isPresent())
        .ifPresent(ref ->
            overlay.set(ApiModel.VM_GUEST_METRICS, ref, m -> m.with(b -> b.lastUpdated(now))));
    VmAllowedOperations.refresh(overlay, vm);
  }

  /** The VM, if it still is in that run. */
  private Optional<Vm> current(Snapshot state) {
    return state
        .find(ApiModel.VM, vm)
        .filter(v -> v.domid() == domid && v.powerState() == VmPowerState.RUNNING);
  }

  /** The record as it should be, if it is not so already. */
  private Optional<VmGuestMetrics> told(Snapshot state, Vm record) {
    Optional<VmGuestMetrics> known = state.find(ApiModel.VM_GUEST_METRICS, record.guestMetrics());
    if (report.isEmpty()) {
      return known.filter(VmGuestMetrics::live).map(m -> m.with(b -> b.live(false)));
    }
    VmGuestMetrics before =
        known.orElseGet(() -> VmGuestMetrics.builder().uuid(UUID.randomUUID().toString()).build());
    VmGuestMetrics now = GuestMetrics.reported(state, record, before, report.get());
    return known.isPresent() && now.equals(before) ? Optional.empty() : Optional.of(now);
  }
}
