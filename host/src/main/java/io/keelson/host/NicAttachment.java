package io.keelson.host;

/** How a machine's network card is connected to the host. */
public sealed interface NicAttachment {
  /** To a tap device that exists and is joined to the network's bridge. */
  record Tap(String device) implements NicAttachment {}

  /**
   * To the other domains of one network on this host, with no privilege and no way out: frames
   * travel as multicast datagrams on the loopback interface. Any process of the machine can join
   * the group, so this separates networks but keeps no secret.
   *
   * @param group an IPv4 multicast address, best from 239.255.0.0/16
   * @param port of the group; group and port together name the network
   */
  record Multicast(String group, int port) implements NicAttachment {}

  /** To user-mode networking: outgoing connections only, through the host's own. */
  record User() implements NicAttachment {}

  /** To nothing: the card is there and has no carrier. */
  record Unconnected() implements NicAttachment {}
}
