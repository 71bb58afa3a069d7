package io.keelson.host.network;

import io.keelson.host.NicAttachment;

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
  public void ensureBridge(String bridge, int mtu) {
    // There are no bridges, and none is needed: the attachment alone decides.
  }

  @Override
  public void removeBridge(String bridge) {
    // See ensureBridge.
  }

  @Override
  public NicAttachment attach(Tap tap, String bridge, int mtu, boolean uplink) {
    return uplink ? new NicAttachment.User() : new NicAttachment.Unconnected();
  }

  @Override
  public void detach(Tap tap) {
    // QEMU holds all there is.
  }
}
