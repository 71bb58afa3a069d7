package io.keelson.control.vm.power;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmSignals;
import io.keelson.api.model.Vm;
import io.keelson.control.operation.Operations;
import io.keelson.control.vm.domain.Watch;
import java.util.UUID;

/** VM.send_trigger and VM.send_sysrq. */
final class VmSignalsHandler implements VmSignals {
  private final PowerParts parts;
  private final Operations operations;

  VmSignalsHandler(PowerParts parts, Operations operations) {
    this.parts = parts;
    this.operations = operations;
  }

  @Override
  public void sendSysrq(Call call, Ref<Vm> vm, String key) {
    operations.run(call, SignalSteps.sysrq(parts, vm, key));
  }

  /** What the machine does about a reset or its button is looked at when this is done. */
  @Override
  public void sendTrigger(Call call, Ref<Vm> vm, String trigger) {
    UUID id = UUID.fromString(parts.store().snapshot().get(ApiModel.VM, vm).uuid());
    try (Watch _ = parts.events().watch(id)) {
      operations.run(call, SignalSteps.trigger(parts, vm, trigger));
    }
  }
}
