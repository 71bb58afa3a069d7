package io.keelson.control.vm.tpm;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.Vtpm;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The records of virtual TPMs; a VM has at most one. */
public final class VtpmRecords {
  private VtpmRecords() {}

  /** The TPM with which the VM is to run. */
  public static Optional<UUID> of(Snapshot state, Vm vm) {
    return all(state, vm).stream().findFirst();
  }

  /** The TPMs of the VM, by their uuids. */
  public static Set<UUID> all(Snapshot state, Vm vm) {
    return vm.vtpms().stream()
        .map(ref -> UUID.fromString(state.get(ApiModel.VTPM, ref).uuid()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Adds a TPM under that uuid. */
  public static Ref<Vtpm> create(Transaction tx, Vtpm wanted, UUID uuid) {
    return tx.create(ApiModel.VTPM, wanted.with(b -> b.uuid(uuid.toString())));
  }

  /** Removes the TPMs of a VM. */
  public static void deleteAll(Transaction tx, Vm vm) {
    vm.vtpms().forEach(vtpm -> tx.delete(ApiModel.VTPM, vtpm));
  }
}
