package io.keelson.control.storage;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.Type;
import io.keelson.api.messages.VdiProvisioning;
import io.keelson.api.model.Vdi;

/** VDI.create and destroy. */
record VdiProvisioningHandler(StorageParts parts) implements VdiProvisioning {
  static final Type<Ref<Vdi>> VDI = new Type.Reference<>("VDI");

  @Override
  public Ref<Vdi> create(Call call, Vdi args) {
    CreateVdi steps = new CreateVdi(parts.drivers(), args);
    return parts
        .turns()
        .take(call, () -> parts.resources().operations().run(call, VDI, steps, MadeVdi::vdi));
  }

  @Override
  public void destroy(Call call, Ref<Vdi> self) {
    DestroyVdi steps = new DestroyVdi(parts.drivers(), self);
    parts.turns().run(call, () -> parts.resources().operations().run(call, steps));
  }
}
