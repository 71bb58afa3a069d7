package io.keelson.control.exchange;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.control.vm.placement.ProcessorFit;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.Optional;

/** Whether the pool has the processors that a VM last ran on. */
final class ProcessorRules {
  private ProcessorRules() {}

  /**
   * @throws io.keelson.api.ApiError VM_INCOMPATIBLE_WITH_THIS_HOST when no host has them
   */
  static void check(Snapshot state, Vm vm) {
    Optional<Refusal> last = Optional.empty();
    for (Row<Host> host : state.rows(ApiModel.HOST).toList()) {
      Optional<String> missing = ProcessorFit.missing(vm, host.record());
      if (missing.isEmpty()) {
        return;
      }
      last = missing.map(why -> new Refusal(host.ref().text(), why));
    }
    last.ifPresent(refusal -> {
      throw ApiErrors.vmIncompatibleWithThisHost(vm.uuid(), refusal.host(), refusal.why());
    });
  }

  private record Refusal(String host, String why) {}
}
