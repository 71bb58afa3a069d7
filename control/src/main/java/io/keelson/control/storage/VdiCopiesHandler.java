package io.keelson.control.storage;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VdiCopies;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import java.util.Map;

/** VDI.clone, snapshot and copy. */
record VdiCopiesHandler(StorageParts parts) implements VdiCopies {

  @Override
  public Ref<Vdi> clone(Call call, Ref<Vdi> vdi, Map<String, String> driverParams) {
    return fork(call, vdi, ForkVdi.Kind.CLONE);
  }

  @Override
  public Ref<Vdi> snapshot(Call call, Ref<Vdi> vdi, Map<String, String> driverParams) {
    return fork(call, vdi, ForkVdi.Kind.SNAPSHOT);
  }

  private Ref<Vdi> fork(Call call, Ref<Vdi> vdi, ForkVdi.Kind kind) {
    var resources = parts.resources();
    ForkVdi steps =
        new ForkVdi(parts.drivers(), resources.drivers().compute(), resources.clock(), vdi, kind);
    return parts.make(call, steps, MadeVdi::vdi);
  }

  /**
   * Copies all of the disk; into a disk that exists, what differs from it. A base disk says that
   * the target holds the base's content already; here the target itself is looked at.
   */
  @Override
  public Ref<Vdi> copy(Call call, Ref<Vdi> vdi, Ref<Sr> sr, Ref<Vdi> baseVdi, Ref<Vdi> intoVdi) {
    if (intoVdi.isNull()) {
      return parts.make(call, new CopyVdi(parts.drivers(), vdi, sr, baseVdi), MadeVdi::vdi);
    }
    CopyIntoVdi steps = new CopyIntoVdi(parts.drivers(), vdi, intoVdi, baseVdi);
    return parts.make(call, steps, _ -> intoVdi);
  }
}
