package io.keelson.host.network;

import io.keelson.host.BridgeSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Network.Abilities;
import io.keelson.host.Network.BondState;
import io.keelson.host.NicAttachment;
import io.keelson.host.PortSpec;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One way to connect guests. Names are checked before they come here. */
interface Backend {

  /** As {@code software_version:network_backend} tells it. */
  String name();

  Abilities abilities();

  /** All of {@link io.keelson.host.Network#ensureBridge} but the host's own addresses. */
  void ensureBridge(BridgeSpec spec);

  void removeBridge(String bridge);

  /** The bridges that are ours. */
  Set<String> bridges();

  /** The bridge that each of the host's cards is in, and which carries its addresses. */
  Map<String, String> carriers();

  BondState bond(String bridge);

  /** All of {@link io.keelson.host.Network#steer}. */
  default void steer(Optional<String> controller) {
    throw new DriverException(Reason.UNSUPPORTED, "only Open vSwitch takes orders");
  }

  NicAttachment attach(Tap tap, PortSpec port);

  void detach(Tap tap);
}
