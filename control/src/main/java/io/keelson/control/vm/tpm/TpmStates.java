package io.keelson.control.vm.tpm;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.control.Resources;
import io.keelson.control.rules.HostId;
import io.keelson.control.rules.OnlyPool;
import io.keelson.host.DriverException;
import io.keelson.host.Tpms;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What virtual TPMs remember: kept as long as there is a record of the TPM, on the host that leads
 * the pool.
 */
public final class TpmStates {
  private static final Logger LOG = LoggerFactory.getLogger(TpmStates.class);

  private final Resources resources;

  public TpmStates(Resources resources) {
    this.resources = resources;
  }

  private Tpms tpms() {
    Snapshot state = resources.store().snapshot();
    return resources.drivers().compute().tpms(HostId.of(state, OnlyPool.master(state)));
  }

  /**
   * Makes sure that VMs can have TPMs.
   *
   * @throws io.keelson.api.ApiError OPERATION_NOT_ALLOWED that says what the host lacks
   */
  void require() {
    try {
      tpms().require();
    } catch (DriverException e) {
      throw ApiErrors.operationNotAllowed("No virtual TPM can run here: " + e.getMessage());
    }
  }

  /** What a TPM remembers, empty when it has never been used. */
  public Optional<byte[]> read(UUID tpm) {
    return tpms().read(tpm);
  }

  /** Makes a TPM that has no record yet remember that. */
  public void write(UUID tpm, byte[] state) {
    tpms().write(tpm, state);
  }

  /** Makes the copy remember what the TPM does that it is of; nothing if that never was used. */
  public void copy(TpmCopy copy) {
    Tpms all = tpms();
    all.read(copy.source()).ifPresent(state -> all.write(copy.made(), state));
  }

  /** Takes a copy back that was not written down. */
  public void drop(TpmCopy copy) {
    forget(Set.of(copy.made()));
  }

  /** The TPMs of a VM, to be told to {@link #forget} when the VM has gone or has others. */
  public static Set<UUID> of(Store store, Ref<Vm> vm) {
    Snapshot state = store.snapshot();
    return state.find(ApiModel.VM, vm).map(v -> VtpmRecords.all(state, v)).orElse(Set.of());
  }

  /** The TPMs of all VMs. */
  public static Set<UUID> all(Store store) {
    return store
        .snapshot()
        .rows(ApiModel.VTPM)
        .map(row -> UUID.fromString(row.record().uuid()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Removes what those of the TPMs remember that have no record; what fails a restart removes. */
  public void forget(Set<UUID> candidates) {
    Snapshot state = resources.store().snapshot();
    candidates.stream()
        .filter(tpm -> state.table(ApiModel.VTPM).byUuid(tpm.toString()).isEmpty())
        .forEach(this::remove);
  }

  private void remove(UUID tpm) {
    try {
      tpms().remove(tpm);
    } catch (DriverException e) {
      LOG.warn("what TPM {} remembered stays until the next start", tpm, e);
    }
  }

  /** Removes what was copied or left behind when an earlier run of the server ended. */
  public void recover() {
    try {
      forget(new HashSet<>(tpms().all()));
    } catch (DriverException e) {
      LOG.warn("what TPMs without records remember stays", e);
    }
  }
}
