package io.keelson.host;

/** How the host gets its own addresses on a network. */
public record IpSettings(Ipv4 v4, Ipv6 v6) {
  /** As the machine has them. */
  public static final IpSettings KEPT = new IpSettings(new Ipv4.Kept(), new Ipv6.Kept());

  /** Where the IPv4 address comes from. */
  public sealed interface Ipv4 {
    /** As the machine has it. */
    record Kept() implements Ipv4 {}

    /** There is none. */
    record None() implements Ipv4 {}

    record Dhcp() implements Ipv4 {}

    /**
     * @param gateway the default router, empty for none
     */
    record Static(String address, int prefix, String gateway) implements Ipv4 {}
  }

  /** Where the IPv6 addresses come from. */
  public sealed interface Ipv6 {
    /** As the machine has them. */
    record Kept() implements Ipv6 {}

    /** There is none but the link's own. */
    record None() implements Ipv6 {}

    /** From the routers on the network. */
    record Autoconf() implements Ipv6 {}

    record Dhcp() implements Ipv6 {}

    /**
     * @param address with its prefix length
     * @param gateway the default router, empty for none
     */
    record Static(String address, String gateway) implements Ipv6 {}
  }
}
