package io.keelson.host;

import java.util.List;
import java.util.Map;

/** What joins a bridge to the world beyond the host. */
public sealed interface Uplink {

  /** Nothing. */
  record None() implements Uplink {}

  /** One interface of the host. */
  record Card(String device) implements Uplink {}

  /**
   * Several interfaces that act as one.
   *
   * @param name of the whole, bond0 for instance
   * @param mac colon-separated
   * @param properties as XenAPI names them: hashing_algorithm and the like
   */
  record Bond(
      String name, List<String> devices, Mode mode, String mac, Map<String, String> properties)
      implements Uplink {
    public Bond {
      devices = List.copyOf(devices);
      properties = Map.copyOf(properties);
    }

    /** How traffic is shared among the interfaces. */
    public enum Mode {
      BALANCE_SLB,
      ACTIVE_BACKUP,
      LACP
    }
  }

  /**
   * The frames that have a tag on another bridge's uplink, without it.
   *
   * @param parent the other bridge
   * @param device the other bridge's card
   */
  record Vlan(String parent, String device, int tag) implements Uplink {}

  /**
   * Other hosts, reached over an IP network.
   *
   * @param key what tells this tunnel from others between the same hosts
   * @param remotes the other hosts' IP addresses
   */
  record Tunnel(Protocol protocol, long key, List<String> remotes) implements Uplink {
    public Tunnel {
      remotes = List.copyOf(remotes);
    }

    /** How frames are wrapped. */
    public enum Protocol {
      GRE,
      VXLAN
    }
  }
}
