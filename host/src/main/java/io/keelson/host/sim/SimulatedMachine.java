package io.keelson.host.sim;

import io.keelson.host.CrashDumps;
import io.keelson.host.Diagnostics;
import io.keelson.host.Machine;
import io.keelson.host.Patching;
import io.keelson.host.patch.PatchPrograms;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/** Facts that nobody takes for a real machine's. */
final class SimulatedMachine implements Machine {
  private final SimulatedHosts hosts;
  private final SimulatedCompute compute;
  private final Diagnostics diagnostics;
  private final CrashDumps crashDumps;

  /**
   * @param crashDumps of the first host
   */
  SimulatedMachine(SimulatedHosts hosts, SimulatedCompute compute, CrashDumps crashDumps) {
    this.crashDumps = new FirstHostsDumps(hosts, crashDumps);
    this.hosts = hosts;
    this.compute = compute;
    this.diagnostics = new SimulatedDiagnostics(hosts);
  }

  @Override
  public Facts facts(UUID host) {
    SimulatedHosts.Run run = hosts.run(host);
    List<Processor> processors =
        IntStream.range(0, SimulatedHosts.PROCESSORS)
            .mapToObj(number ->
                new Processor(
                    number,
                    "SimulatedCPU",
                    2000,
                    "Simulated processor",
                    6,
                    1,
                    "1",
                    "fpu tsc apic cx8 mmx sse sse2 hypervisor",
                    "00000000-00000000-00000000-00000000"))
            .toList();
    return new Facts(
        hosts.name(host),
        SimulatedHosts.MEMORY_BYTES,
        run.since(),
        "boot-" + run.number(),
        "0.0.0-simulated",
        "Simulated host",
        Map.of("bios-vendor", "Simulation", "system-manufacturer", "Simulation"),
        2,
        processors);
  }

  @Override
  public void rename(UUID host, String hostname) {
    SimulatedHosts.Run _ = hosts.run(host);
    hosts.rename(host, hostname);
  }

  /** Programs of patches run on the machine that the simulation runs on. */
  @Override
  public Patching patching() {
    return new PatchPrograms();
  }

  @Override
  public CrashDumps crashDumps() {
    return crashDumps;
  }

  @Override
  public Diagnostics diagnostics() {
    return diagnostics;
  }

  @Override
  public Load load(UUID host) {
    SimulatedHosts.Run _ = hosts.run(host);
    double busy = compute.domains().processorsInUse(host);
    return new Load(
        Math.max(0, SimulatedHosts.MEMORY_BYTES - compute.domains().memoryInUse(host)),
        Collections.nCopies(
            SimulatedHosts.PROCESSORS, Math.min(1, busy / SimulatedHosts.PROCESSORS)),
        busy);
  }
}
