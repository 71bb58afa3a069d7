package io.keelson.host;

/** How a machine's network card is connected to the host. */
public sealed interface NicAttachment {
  /** To a tap device that exists and is joined to the network's bridge. */
  record Tap(String device) implements NicAttachment {}

  /** To a multicast-free hub socket shared by the unprivileged domains of one network. */
  record Hub(String socketPath) implements NicAttachment {}

  /** To user-mode networking: outgoing connections only, through the host's own. */
  record User() implements NicAttachment {}

  /** To nothing: the card is there and has no carrier. */
  record Unconnected() implements NicAttachment {}
}
