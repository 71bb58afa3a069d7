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
    Power power,
    Directories directories,
    Trust trust) {
  public Drivers {
    storages = Map.copyOf(storages);
  }

  /**
   * Drivers of hosts that have no plugins, reach no shares, stay on, know no directories and
   * believe whom Java believes.
   */
  public Drivers(Compute compute, Map<String, Storage> storages, Network network, Machine machine) {
    this(
        compute,
        storages,
        network,
        machine,
        Plugins.NONE,
        Shares.NONE,
        Power.NONE,
        Directories.NONE,
        Trust.USUAL);
  }

  /** The same drivers, and these directories. */
  public Drivers with(Directories others) {
    return new Drivers(compute, storages, network, machine, plugins, shares, power, others, trust);
  }

  /** The same drivers, and these plugins. */
  public Drivers with(Plugins others) {
    return new Drivers(
        compute, storages, network, machine, others, shares, power, directories, trust);
  }

  /** The same drivers, and this way to turn machines off and on. */
  public Drivers with(Power other) {
    return new Drivers(
        compute, storages, network, machine, plugins, shares, other, directories, trust);
  }

  /** The same drivers, and this belief in others. */
  public Drivers with(Trust other) {
    return new Drivers(
        compute, storages, network, machine, plugins, shares, power, directories, other);
  }
}
