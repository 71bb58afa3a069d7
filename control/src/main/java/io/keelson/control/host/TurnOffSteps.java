package io.keelson.control.host;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostAllowedOperations;
import io.keelson.api.model.HostFields;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vm;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.rules.Refusals;
import io.keelson.host.Power;
import io.keelson.host.Progress;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.Optional;
import java.util.UUID;

/** Restarts a host's machine or turns it off. */
record TurnOffSteps(Power power, Ref<Host> host, Kind kind) implements Steps<UUID, Boolean> {

  /** Whether it comes back. */
  enum Kind {
    REBOOT(HostAllowedOperations.REBOOT),
    SHUTDOWN(HostAllowedOperations.SHUTDOWN);

    private final HostAllowedOperations operation;

    Kind(HostAllowedOperations operation) {
      this.operation = operation;
    }
  }

  /**
   * @throws io.keelson.api.ApiError HOST_NOT_DISABLED; HOST_IN_USE naming a VM that is on the host,
   *     or a drive of its control domain; OTHER_OPERATION_IN_PROGRESS
   */
  @Override
  public UUID claim(Transaction tx, Claims claims) {
    Host record = tx.get(ApiModel.HOST, host);
    Refusals.raise(
        Refusals.busy("host", host, record.currentOperations(), HostAllowedOperations::text));
    if (record.enabled()) {
      throw ApiErrors.hostNotDisabled();
    }
    EvacuationPlan.residents(tx, host).stream()
        .findFirst()
        .ifPresent(vm -> {
          throw ApiErrors.hostInUse(host.text(), "vm", vm.ref().text());
        });
    driveInUse(tx)
        .ifPresent(vbd -> {
          throw ApiErrors.hostInUse(host.text(), "vbd", vbd.text());
        });
    claims.add(ApiModel.HOST, host, HostFields.CURRENT_OPERATIONS, kind.operation);
    return UUID.fromString(record.uuid());
  }

  private Optional<Ref<Vbd>> driveInUse(Snapshot state) {
    return state.get(ApiModel.HOST, host).residentVms().stream()
        .flatMap(vm -> state.table(ApiModel.VM).row(vm).stream())
        .map(Row::record)
        .map(Vm::vbds)
        .flatMap(vbds -> vbds.stream())
        .filter(vbd -> state.find(ApiModel.VBD, vbd).filter(Vbd::currentlyAttached).isPresent())
        .findFirst();
  }

  @Override
  public Boolean act(UUID uuid, Progress progress) {
    switch (kind) {
      case REBOOT -> power.reboot(uuid);
      case SHUTDOWN -> power.shutdown(uuid);
    }
    return true;
  }

  @Override
  public void settle(Transaction tx, UUID uuid, Boolean outcome) {}
}
