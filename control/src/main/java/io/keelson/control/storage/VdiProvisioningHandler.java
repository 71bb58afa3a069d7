package io.keelson.control.storage;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VdiProvisioning;
import io.keelson.api.model.Vdi;

/** VDI.create and destroy. */
record VdiProvisioningHandler(StorageParts parts) implements VdiProvisioning {
  @Override
  public Ref<Vdi> create(Call call, Vdi args) {
    CreateVdi steps = new CreateVdi(parts.drivers(), args);
    return parts.make(call, steps, MadeVdi::vdi);
  }

  @Override
  public void destroy(Call call, Ref<Vdi> self) {
    DestroyVdi steps = new DestroyVdi(parts.drivers(), self);
    parts.run(call, steps);
  }
}
