package io.keelson.control.network;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.NetworkLifecycle;
import io.keelson.api.messages.NetworkSettings;
import io.keelson.api.messages.PifPlugging;
import io.keelson.api.messages.PifRegistration;
import io.keelson.api.messages.VifConfiguration;
import io.keelson.api.messages.VifLocking;
import io.keelson.api.messages.VifPlugging;
import io.keelson.control.Resources;
import java.util.List;
import java.util.stream.Stream;

/** The messages of networks, with their handlers. */
public final class NetworkMessages {
  private NetworkMessages() {}

  public static List<BoundMessage> all(Resources resources) {
    return Stream.of(
            NetworkLifecycle.bind(new NetworkLifecycleHandler(resources)),
            NetworkSettings.bind(new NetworkSettingsHandler(resources.store())),
            VifConfiguration.bind(new VifConfigurationHandler(resources.store())),
            VifPlugging.bind(new VifPluggingHandler(resources)),
            VifLocking.bind(new VifLockingHandler(resources.store())),
            PifPlugging.bind(new PifPluggingHandler(resources.store())),
            PifRegistration.bind(new PifRegistrationHandler(resources)))
        .flatMap(List::stream)
        .toList();
  }
}
