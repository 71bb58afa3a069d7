package io.keelson.control.storage;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.SrHighAvailability;
import io.keelson.api.model.Sr;
import io.keelson.store.Store;

/** Which repositories are fit for the disk by which hosts tell that they live. */
record SrHighAvailabilityHandler(Store store) implements SrHighAvailability {
  @Override
  public void assertCanHostHaStatefile(Call call, Ref<Sr> sr) {
    SrRules.requireNewDisksEverywhere(store.snapshot(), sr);
  }
}
