package io.keelson.control.network;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.BondLifecycle;
import io.keelson.api.messages.BondSettings;
import io.keelson.api.messages.NetworkLifecycle;
import io.keelson.api.messages.NetworkSettings;
import io.keelson.api.messages.PifAddressing;
import io.keelson.api.messages.PifPlugging;
import io.keelson.api.messages.PifProperties;
import io.keelson.api.messages.PifRegistration;
import io.keelson.api.messages.PifVlans;
import io.keelson.api.messages.PoolSettings;
import io.keelson.api.messages.PoolVlans;
import io.keelson.api.messages.TunnelMessages;
import io.keelson.api.messages.VifAddressing;
import io.keelson.api.messages.VifConfiguration;
import io.keelson.api.messages.VifLocking;
import io.keelson.api.messages.VifPlugging;
import io.keelson.api.messages.VlanMessages;
import io.keelson.control.Resources;
import java.util.List;
import java.util.stream.Stream;

/** The messages of networks, with their handlers. */
public final class NetworkMessages {
  private NetworkMessages() {}

  /** How hosts' interfaces come up, for whoever needs one. */
  public static PifPlugging interfaces(Resources resources) {
    return new PifPluggingHandler(resources);
  }

  public static List<BoundMessage> all(Resources resources) {
    VlanHandler vlans = new VlanHandler(resources);
    BondHandler bonds = new BondHandler(resources);
    return Stream.of(
            NetworkLifecycle.bind(new NetworkLifecycleHandler(resources)),
            NetworkSettings.bind(new NetworkSettingsHandler(resources)),
            VifConfiguration.bind(new VifConfigurationHandler(resources.store())),
            VifPlugging.bind(new VifPluggingHandler(resources)),
            VifAddressing.bind(new VifAddressingHandler(resources)),
            VifLocking.bind(new VifLockingHandler(resources)),
            PifPlugging.bind(new PifPluggingHandler(resources)),
            PifRegistration.bind(new PifRegistrationHandler(resources)),
            PifAddressing.bind(new PifAddressingHandler(resources)),
            PifProperties.bind(new PifPropertiesHandler(resources)),
            VlanMessages.bind(vlans),
            PifVlans.bind(new VlanHandler.OfHost(vlans)),
            PoolVlans.bind(new VlanHandler.OfPool(vlans)),
            PoolSettings.bind(new PoolSettingsHandler(resources)),
            BondLifecycle.bind(bonds),
            BondSettings.bind(bonds),
            TunnelMessages.bind(new TunnelHandler(resources)))
        .flatMap(List::stream)
        .toList();
  }
}
