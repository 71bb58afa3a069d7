package io.keelson.control.storage;

import io.keelson.control.Resources;

/** What the handlers of this package work with. */
record StorageParts(Resources resources, StorageDrivers drivers, Turns turns) {

  static StorageParts of(Resources resources) {
    return new StorageParts(
        resources,
        new StorageDrivers(resources.drivers().storages()),
        new Turns(resources.store()));
  }
}
