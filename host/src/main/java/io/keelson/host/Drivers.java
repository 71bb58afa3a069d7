package io.keelson.host;

import java.util.Map;

/**
 * The drivers that this process uses.
 *
 * @param storages by SR type
 */
public record Drivers(
    Compute compute,
    Map<String, Storage> storages,
    Network network,
    Machine machine,
    Plugins plugins,
    Shares shares,
    Power power) {
  public Drivers {
    storages = Map.copyOf(storages);
  }

  /** Drivers of hosts that have no plugins, reach no shares and stay on. */
  public Drivers(Compute compute, Map<String, Storage> storages, Network network, Machine machine) {
    this(compute, storages, network, machine, Plugins.NONE, Shares.NONE, Power.NONE);
  }
}
