package io.keelson.control.storage;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.Type;
import io.keelson.api.model.Vdi;
import io.keelson.control.Resources;
import io.keelson.control.operation.Steps;
import java.util.function.Function;

/** What the handlers of this package work with. */
record StorageParts(Resources resources, StorageDrivers drivers, Turns turns) {
  private static final Type<Ref<Vdi>> VDI = new Type.Reference<>("VDI");

  static StorageParts of(Resources resources) {
    return new StorageParts(
        resources,
        new StorageDrivers(resources.drivers().storages()),
        new Turns(resources.store()));
  }

  /** Runs an operation once nothing excludes it. */
  <P, T> void run(Call call, Steps<P, T> steps) {
    turns.run(call, () -> resources.operations().run(call, steps));
  }

  /** Runs an operation that yields a disk, once nothing excludes it. */
  <P, T> Ref<Vdi> make(Call call, Steps<P, T> steps, Function<T, Ref<Vdi>> disk) {
    return turns.take(call, () -> resources.operations().run(call, VDI, steps, disk));
  }
}
