package io.keelson.host.network;

import io.keelson.host.BridgeSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Network.Abilities;
import io.keelson.host.Network.BondState;
import io.keelson.host.NicAttachment;
import io.keelson.host.PortSpec;
import io.keelson.host.Uplink;
import java.util.Map;
import java.util.Set;

/**
 * What an ordinary user can have: a network that reaches beyond the host becomes user-mode
 * networking, and one that does not is a card without a carrier, since nothing joins guests.
 */
final class UserBackend implements Backend {
  @Override
  public String name() {
    return "user";
  }

  @Override
  public Abilities abilities() {
    return new Abilities(false, false, false);
  }

  /** There are no bridges, and a plain one needs none: the attachment alone decides. */
  @Override
  public void ensureBridge(BridgeSpec spec) {
    switch (spec.uplink()) {
      case Uplink.None _, Uplink.Card _ -> {}
      case Uplink.Bond _, Uplink.Vlan _, Uplink.Tunnel _ ->
          throw unsupported("bonds, VLANs and tunnels need the right to change the network");
    }
  }

  @Override
  public void removeBridge(String bridge) {
    // See ensureBridge.
  }

  @Override
  public Set<String> bridges() {
    return Set.of();
  }

  @Override
  public Map<String, String> carriers() {
    return Map.of();
  }

  @Override
  public BondState bond(String bridge) {
    return BondState.NONE;
  }

  @Override
  public NicAttachment attach(Tap tap, PortSpec port) {
    if (port.guard().watches()) {
      throw unsupported("user-mode networking neither filters nor limits what a guest sends");
    }
    return port.uplink() ? new NicAttachment.User() : new NicAttachment.Unconnected();
  }

  @Override
  public void detach(Tap tap) {
    // QEMU holds all there is.
  }

  private static DriverException unsupported(String why) {
    return new DriverException(Reason.UNSUPPORTED, why);
  }
}
