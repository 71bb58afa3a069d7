package io.keelson.control.storage;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VbdPlugging;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdOperations;

/** VBD.plug and unplug. */
record VbdPluggingHandler(StorageParts parts) implements VbdPlugging {

  @Override
  public void plug(Call call, Ref<Vbd> self) {
    PlugVbd steps =
        new PlugVbd(new VmDisks(parts.drivers()), parts.resources().drivers().compute(), self);
    parts.run(call, steps);
  }

  @Override
  public void unplug(Call call, Ref<Vbd> self) {
    unplug(call, self, VbdOperations.UNPLUG);
  }

  /** The hypervisor knows one way to unplug: with the guest's consent. */
  @Override
  public void unplugForce(Call call, Ref<Vbd> self) {
    unplug(call, self, VbdOperations.UNPLUG_FORCE);
  }

  private void unplug(Call call, Ref<Vbd> self, VbdOperations operation) {
    UnplugVbd steps = new UnplugVbd(parts.resources().drivers().compute(), self, operation);
    parts.run(call, steps);
  }
}
