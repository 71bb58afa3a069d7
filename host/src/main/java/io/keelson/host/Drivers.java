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
    Trust trust,
    Devices devices) {
  public Drivers {
    storages = Map.copyOf(storages);
  }

  /**
   * Drivers of hosts that have no plugins, reach no shares, stay on, know no directories, believe
   * whom Java believes and tell of no devices.
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
        Trust.USUAL,
        Devices.NONE);
  }

  /** The same drivers, and these directories. */
  public Drivers with(Directories others) {
    return new Drivers(
        compute, storages, network, machine, plugins, shares, power, others, trust, devices);
  }

  /** The same drivers, and these plugins. */
  public Drivers with(Plugins others) {
    return new Drivers(
        compute, storages, network, machine, others, shares, power, directories, trust, devices);
  }

  /** The same drivers, and this way to turn machines off and on. */
  public Drivers with(Power other) {
    return new Drivers(
        compute, storages, network, machine, plugins, shares, other, directories, trust, devices);
  }

  /** The same drivers, and this belief in others. */
  public Drivers with(Trust other) {
    return new Drivers(
        compute, storages, network, machine, plugins, shares, power, directories, other, devices);
  }

  /** The same drivers, and these devices. */
  public Drivers with(Devices others) {
    return new Drivers(
        compute, storages, network, machine, plugins, shares, power, directories, trust, others);
  }
}
