package io.keelson.host.network;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.NicAttachment;

/** Linux bridges, one a network, and a tap device for each card. */
final class BridgeBackend implements Backend {
  private static final String OWNER = "keelson network";

  @Override
  public String name() {
    return "bridge";
  }

  @Override
  public void ensureBridge(String bridge, int mtu) {
    if (!Kernel.exists(bridge)) {
      Kernel.ip("link", "add", "name", bridge, "type", "bridge", "forward_delay", "0");
      Kernel.ip("link", "set", "dev", bridge, "alias", OWNER);
    } else if (!Kernel.isBridge(bridge)) {
      throw new DriverException(Reason.ALREADY_EXISTS, "interface " + bridge + " is no bridge");
    }
    if (Kernel.alias(bridge).equals(OWNER)) {
      Kernel.ip("link", "set", "dev", bridge, "mtu", Integer.toString(mtu), "up");
    }
  }

  @Override
  public void removeBridge(String bridge) {
    if (Kernel.isBridge(bridge) && Kernel.alias(bridge).equals(OWNER)) {
      Kernel.remove(bridge);
    }
  }

  @Override
  public NicAttachment attach(Tap tap, String bridge, int mtu, boolean uplink) {
    if (!Kernel.isBridge(bridge)) {
      throw new DriverException(Reason.NOT_FOUND, "bridge " + bridge + " does not exist");
    }
    Kernel.ensureTap(tap, mtu);
    Kernel.ip("link", "set", "dev", tap.device(), "master", bridge, "up");
    return new NicAttachment.Tap(tap.device());
  }

  @Override
  public void detach(Tap tap) {
    Kernel.removeTap(tap);
  }
}
