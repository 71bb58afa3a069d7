package io.keelson.control.pool;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.PoolCertificates;
import io.keelson.api.messages.PoolDatabase;
import io.keelson.api.messages.PoolGuestAgent;
import io.keelson.api.messages.PoolLicensing;
import io.keelson.api.messages.PoolMembership;
import io.keelson.api.messages.PoolTrials;
import io.keelson.control.Resources;
import io.keelson.control.pool.member.PoolMembershipHandler;
import io.keelson.host.Drivers;
import io.keelson.store.Store;
import java.util.List;
import java.util.stream.Stream;

/** The messages about the pool. */
public final class PoolMessages {
  private PoolMessages() {}

  public static List<BoundMessage> all(Resources resources) {
    Store store = resources.store();
    Drivers drivers = resources.drivers();
    return Stream.of(
            PoolDatabase.bind(new PoolDatabaseHandler(store)),
            PoolCertificates.bind(new PoolCertificatesHandler(drivers.trust())),
            PoolTrials.bind(new PoolTrialsHandler(drivers.trust())),
            PoolMembership.bind(new PoolMembershipHandler(resources)),
            PoolGuestAgent.bind(new PoolGuestAgentHandler(store)),
            PoolLicensing.bind(new PoolLicensingHandler(store, drivers.plugins())))
        .flatMap(List::stream)
        .toList();
  }
}
