package io.keelson.server;

import io.keelson.host.Drivers;
import io.keelson.host.machine.LinuxMachine;
import io.keelson.host.network.LinuxNetwork;
import io.keelson.host.qemu.QemuCompute;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.host.storage.Storages;

/** The drivers that the options ask for. */
final class LocalDrivers {
  private LocalDrivers() {}

  static Drivers open(ServeOptions options) {
    return switch (options.driver()) {
      case QEMU ->
          new Drivers(
              QemuCompute.open(options.data()),
              Storages.local(options.data()),
              LinuxNetwork.detect(options.data().resolve("network")),
              new LinuxMachine());
      case SIM -> Simulation.open(SimulationPlan.of(options.hosts())).drivers();
    };
  }
}
