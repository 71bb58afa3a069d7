package io.keelson.server;

import io.keelson.host.CrashDumps;
import io.keelson.host.Devices;
import io.keelson.host.Drivers;
import io.keelson.host.Plugins;
import io.keelson.host.Trust;
import io.keelson.host.device.LinuxDevices;
import io.keelson.host.directory.LdapDirectories;
import io.keelson.host.machine.KdumpFolder;
import io.keelson.host.machine.LinuxMachine;
import io.keelson.host.machine.PowerCommands;
import io.keelson.host.network.LinuxNetwork;
import io.keelson.host.plugin.PluginFolder;
import io.keelson.host.qemu.QemuCompute;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.host.storage.Storages;
import io.keelson.host.trust.TrustFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;

/** The drivers that the options ask for. */
final class LocalDrivers {
  /** How long a plugin may run. */
  private static final Duration PLUGIN = Duration.ofMinutes(10);

  private LocalDrivers() {}

  static Drivers open(ServeOptions options, Environment environment) {
    Trust trust = TrustFolder.open(options.data().resolve("trust"));
    return switch (options.driver()) {
      case QEMU -> local(options, environment, trust, new LinuxDevices());
      case SIM ->
          Simulation.open(
                  SimulationPlan.of(options.hosts()).withPlainHosts(environment.plainHosts()),
                  dumps(environment),
                  options.data().resolve("run/serial"))
              .drivers()
              .with(plugins(options, environment))
              .with(new LdapDirectories(trust))
              .with(trust);
    };
  }

  private static CrashDumps dumps(Environment environment) {
    return environment
        .crashFolder()
        .<CrashDumps>map(folder -> new KdumpFolder(folder, ZoneId.systemDefault()))
        .orElse(CrashDumps.NONE);
  }

  private static Plugins plugins(ServeOptions options, Environment environment) {
    return new PluginFolder(options.data().resolve("plugins"), environment.pluginUser(), PLUGIN);
  }

  private static Drivers local(
      ServeOptions options, Environment environment, Trust trust, Devices devices) {
    return new Drivers(
        QemuCompute.open(options.data(), devices),
        Storages.local(options.data()),
        LinuxNetwork.detect(options.data().resolve("network")),
        new LinuxMachine(
            Path.of("/"),
            options.hostnameCommand(),
            environment.crashFolder().orElse(Path.of("/var/crash"))),
        plugins(options, environment),
        Storages.shares(options.data()),
        new PowerCommands(options.rebootCommand(), options.shutdownCommand(), trust),
        new LdapDirectories(trust),
        trust,
        devices);
  }
}
