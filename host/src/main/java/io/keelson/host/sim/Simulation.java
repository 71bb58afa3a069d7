package io.keelson.host.sim;

import io.keelson.host.CrashDumps;
import io.keelson.host.DomainListener.Change;
import io.keelson.host.Drivers;
import io.keelson.host.StorageKind;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Hosts, their storage and their networks, in this process and for as long as it lives.
 *
 * <p>Hosts are called {@code sim-1} to {@code sim-N}, each with 64 GiB of memory and 16 processors;
 * a host takes the uuid by which a driver's call first names it. Guests power off and reboot when
 * they are asked to; what else they do, a test decides here.
 */
public final class Simulation {
  private static final StorageKind FILE =
      new StorageKind(
          "file",
          "Simulated file storage",
          "Volumes that have a size and no bytes",
          "user",
          StorageKind.features(
              "SR_PROBE",
              "SR_ATTACH",
              "SR_DETACH",
              "SR_SCAN",
              "SR_UPDATE",
              "SR_METADATA",
              "VDI_CREATE",
              "VDI_DELETE",
              "VDI_ATTACH",
              "VDI_DETACH",
              "VDI_CLONE",
              "VDI_SNAPSHOT",
              "VDI_RESIZE",
              "VDI_RESIZE_ONLINE",
              "VDI_INTRODUCE",
              "VDI_RESET_ON_BOOT/2",
              "SR_SUPPORTS_LOCAL_CACHING",
              "THIN_PROVISIONING"),
          Map.of("location", "accepted and not used"));

  private static final StorageKind ISO =
      new StorageKind(
          "iso",
          "Simulated ISO library",
          "A library of one image",
          "iso",
          StorageKind.features("SR_ATTACH", "SR_DETACH", "SR_SCAN", "VDI_ATTACH", "VDI_DETACH"),
          Map.of("location", "accepted and not used"));

  private final SimulatedHosts hosts;
  private final SimulatedCompute compute;
  private final SimulatedNetwork network;
  private final Drivers drivers;

  private Simulation(SimulationPlan plan, CrashDumps crashDumps, Optional<SimulatedSerial> serial) {
    this.hosts = new SimulatedHosts(plan.hosts());
    Weather weather = new Weather(plan);
    SimulatedStorage disks = new SimulatedStorage(FILE, hosts, weather);
    this.compute = new SimulatedCompute(hosts, weather, disks, serial);
    this.network = new SimulatedNetwork(hosts, weather, plan.hosts() - plan.plainHosts());
    this.drivers =
        new Drivers(
                compute,
                Map.of("file", disks, "iso", new SimulatedStorage(ISO, hosts, weather)),
                network,
                new SimulatedMachine(hosts, compute, crashDumps))
            .with(new SimulatedPower(hosts))
            .with(compute.pci());
  }

  /** A new world, empty. */
  public static Simulation open(SimulationPlan plan) {
    return new Simulation(plan, CrashDumps.NONE, Optional.empty());
  }

  /**
   * A new world, empty.
   *
   * @param crashDumps that its first host's kernel has left
   * @param serial where the socket is to be of the serial line that its machines have
   */
  public static Simulation open(SimulationPlan plan, CrashDumps crashDumps, Path serial) {
    return new Simulation(plan, crashDumps, SimulatedSerial.open(serial));
  }

  /** The drivers of all its hosts. */
  public Drivers drivers() {
    return drivers;
  }

  /** Whether a card of a host puts packets together; one that starts anew does. */
  public boolean mergesReceived(UUID host, String device) {
    return network.merges(host, device);
  }

  /** Whom a host's bridges take orders from. */
  public Optional<String> controller(UUID host) {
    return network.controller(host);
  }

  /** The settings that the agent of a running guest has. */
  public Map<String, String> agentSettings(UUID host, UUID vm) {
    return compute.domains().get(host, vm).settings();
  }

  /** Takes the agent out of a guest, for the rest of its run; every guest has one at first. */
  public void removeAgent(UUID host, UUID vm) {
    compute.removeAgent(host, vm);
  }

  /** Lets a running guest power off by itself. */
  public void powerOff(UUID host, UUID vm) {
    compute.guests().now(host, vm, Change.POWERED_OFF);
  }

  /** Lets a running guest keep the memory that it has, whatever its balloon is told. */
  public void keepMemory(UUID host, UUID vm) {
    compute.guests().keepMemory(host, vm);
  }

  /** Lets a running guest reboot by itself. */
  public void reboot(UUID host, UUID vm) {
    compute.guests().now(host, vm, Change.REBOOTED);
  }

  /** Lets a running guest crash. */
  public void crash(UUID host, UUID vm) {
    compute.guests().now(host, vm, Change.CRASHED);
  }

  /** Lets a host die, and all that runs on it; nobody is told. */
  public void fail(UUID host) {
    hosts.turnOff(host);
    compute.domains().clear(host);
  }

  /** Lets the process of a domain die, in whatever state it is. */
  public void die(UUID host, UUID vm) {
    compute.guests().now(host, vm, Change.DIED);
  }
}
