package io.keelson.control.storage;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VdiSize;
import io.keelson.api.model.Vdi;

/** VDI.resize and resize_online. */
record VdiSizeHandler(StorageParts parts) implements VdiSize {

  @Override
  public void resize(Call call, Ref<Vdi> vdi, long size) {
    run(call, vdi, size, ResizeVdi.Mode.OFFLINE);
  }

  @Override
  public void resizeOnline(Call call, Ref<Vdi> vdi, long size) {
    run(call, vdi, size, ResizeVdi.Mode.ONLINE);
  }

  private void run(Call call, Ref<Vdi> vdi, long size, ResizeVdi.Mode mode) {
    var resources = parts.resources();
    ResizeVdi steps =
        new ResizeVdi(parts.drivers(), resources.drivers().compute(), vdi, size, mode);
    parts.run(call, steps);
  }
}
