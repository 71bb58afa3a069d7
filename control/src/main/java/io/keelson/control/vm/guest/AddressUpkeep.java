package io.keelson.control.vm.guest;

import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.control.network.StaticAddresses;
import io.keelson.host.Compute;
import io.keelson.host.DriverException;
import io.keelson.host.GuestAddressing;
import io.keelson.host.GuestReport;
import io.keelson.host.GuestReport.Feature;
import io.keelson.store.Store;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives guests the addresses that their cards are to have and have not: after a boot, mostly. */
record AddressUpkeep(Store store, Compute compute) {
  private static final Logger LOG = LoggerFactory.getLogger(AddressUpkeep.class);

  /** How often the wish may change while it is being fulfilled. */
  private static final int MOST_CORRECTIONS = 3;

  void keep(UUID host, UUID id, Ref<Vm> vm, GuestReport report) {
    if (report.features().contains(Feature.ADDRESSES)) {
      for (GuestAddressing missing : StaticAddresses.missing(store.snapshot(), vm, report)) {
        try {
          set(host, id, vm, missing);
        } catch (DriverException e) {
          LOG.warn("a card of {} has not the address it should have: {}", id, e.getMessage());
        }
      }
    }
  }

  private void set(UUID host, UUID id, Ref<Vm> vm, GuestAddressing missing) {
    Optional<GuestAddressing> next = Optional.of(missing);
    for (int i = 0; i < MOST_CORRECTIONS && next.isPresent(); i++) {
      GuestAddressing change = next.get();
      compute.setAddress(host, id, change);
      next = StaticAddresses.correction(store.snapshot(), vm, change);
    }
  }
}
