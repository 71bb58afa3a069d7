package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.CrashdumpMessages;
import io.keelson.api.model.Crashdump;
import io.keelson.api.model.Vdi;

/** crashdump.destroy: the dump goes with its disk. */
record CrashdumpHandler(StorageParts parts) implements CrashdumpMessages {

  @Override
  public void destroy(Call call, Ref<Crashdump> self) {
    var store = parts.resources().store();
    Ref<Vdi> vdi = store.snapshot().get(ApiModel.CRASHDUMP, self).vdi();
    if (store.snapshot().find(ApiModel.VDI, vdi).isEmpty()) {
      store.change(tx -> tx.delete(ApiModel.CRASHDUMP, self));
      return;
    }
    DestroyVdi steps = new DestroyVdi(parts.drivers(), vdi);
    parts.run(call, steps);
  }
}
