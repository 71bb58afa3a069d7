package io.keelson.control.vm.tpm;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.Vtpm;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.Optional;
import java.util.UUID;

/**
 * A virtual TPM that becomes another VM's: what it remembers is copied first, and written down as a
 * record with the VM that gets it.
 *
 * @param source the TPM that is copied
 * @param made the uuid of the copy
 * @param backend of both
 */
public record TpmCopy(UUID source, UUID made, Ref<Vm> backend) {

  /** A copy of the VM's TPM, if it has one. */
  public static Optional<TpmCopy> of(Snapshot state, Vm vm) {
    return vm.vtpms().stream()
        .map(ref -> state.get(ApiModel.VTPM, ref))
        .map(vtpm -> new TpmCopy(UUID.fromString(vtpm.uuid()), UUID.randomUUID(), vtpm.backend()))
        .findFirst();
  }

  /** Gives the copy to a VM. */
  public void give(Transaction tx, Ref<Vm> vm) {
    Ref<Vtpm> _ =
        VtpmRecords.create(tx, Vtpm.builder().build().with(b -> b.vm(vm).backend(backend)), made);
  }
}
