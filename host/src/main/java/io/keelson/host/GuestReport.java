package io.keelson.host;

import java.util.List;
import java.util.Set;

/**
 * What the agent inside a guest says of it. Whatever a guest says, the texts are short and of
 * printable characters, and there are few of them.
 *
 * @param agentVersion of the agent
 * @param system the guest's operating system
 * @param hostName that the guest goes by; empty when it does not say
 * @param cards the guest's network cards, without its loopback
 * @param features what the agent can be asked for
 */
public record GuestReport(
    String agentVersion,
    OperatingSystem system,
    String hostName,
    List<Card> cards,
    Set<Feature> features) {
  public GuestReport {
    cards = List.copyOf(cards);
    features = Set.copyOf(features);
  }

  /** What an agent may be able to do. */
  public enum Feature {
    /** Power off and reboot. */
    SHUTDOWN,
    /** Bring file systems into a consistent state and hold them there: {@link Compute#freeze}. */
    FREEZE,
    /** Bring processors on line. */
    PROCESSORS,
    /** Set the addresses of network cards: {@link Compute#setAddress}. */
    ADDRESSES,
    /** Take settings for agents: {@link Compute#tellAgent}. */
    SETTINGS
  }

  /**
   * An operating system; what is not known is empty.
   *
   * @param id a word for the distribution, lower-case ({@code debian}, {@code mswindows})
   * @param name for people
   * @param version of the system
   * @param kernel release of the kernel
   */
  public record OperatingSystem(String id, String name, String version, String kernel) {}

  /**
   * A network card as the guest knows it.
   *
   * @param mac colon-separated, lower case
   */
  public record Card(String mac, List<String> ipv4, List<String> ipv6) {
    public Card {
      ipv4 = List.copyOf(ipv4);
      ipv6 = List.copyOf(ipv6);
    }
  }
}
