package io.keelson.control.storage;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VbdMedia;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vdi;

/** VBD.insert and eject. */
record VbdMediaHandler(StorageParts parts) implements VbdMedia {

  @Override
  public void eject(Call call, Ref<Vbd> vbd) {
    change(call, vbd, Ref.none());
  }

  @Override
  public void insert(Call call, Ref<Vbd> vbd, Ref<Vdi> vdi) {
    change(call, vbd, vdi);
  }

  private void change(Call call, Ref<Vbd> vbd, Ref<Vdi> vdi) {
    var resources = parts.resources();
    ChangeMedia steps =
        new ChangeMedia(new VmDisks(parts.drivers()), resources.drivers().compute(), vbd, vdi);
    parts.run(call, steps);
  }
}
