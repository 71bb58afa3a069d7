package io.keelson.host.network;

import io.keelson.host.NicAttachment;

/** One way to connect guests. Names are checked before they come here. */
interface Backend {

  /** As {@code software_version:network_backend} tells it. */
  String name();

  void ensureBridge(String bridge, int mtu);

  void removeBridge(String bridge);

  NicAttachment attach(Tap tap, String bridge, int mtu, boolean uplink);

  void detach(Tap tap);
}
