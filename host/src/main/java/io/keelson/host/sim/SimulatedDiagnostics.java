package io.keelson.host.sim;

import io.keelson.host.Diagnostics;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Kernels that say when they booted, and which keys they were given. */
final class SimulatedDiagnostics implements Diagnostics {
  private static final Subject KERNEL = new Subject("kernel-info", false);

  private final SimulatedHosts hosts;
  private final Map<UUID, StringBuilder> logs = new HashMap<>();

  SimulatedDiagnostics(SimulatedHosts hosts) {
    this.hosts = hosts;
  }

  @Override
  public synchronized String kernelLog(UUID host, boolean clear) {
    StringBuilder log = log(host);
    String text = log.toString();
    if (clear) {
      log.setLength(0);
    }
    return text;
  }

  @Override
  public synchronized void debugKeys(UUID host, String keys) {
    log(host).append("debug keys ").append(keys).append('\n');
  }

  private StringBuilder log(UUID host) {
    SimulatedHosts.Run run = hosts.run(host);
    return logs.computeIfAbsent(
        host, _ -> new StringBuilder("boot " + run.number() + " of a simulated host\n"));
  }

  @Override
  public List<Subject> subjects(UUID host) {
    return List.of(KERNEL);
  }

  @Override
  public Map<String, String> report(UUID host, String key) {
    if (!key.equals(KERNEL.key())) {
      throw new DriverException(Reason.NOT_FOUND, "no subject " + key);
    }
    return Map.of("dmesg", kernelLog(host, false));
  }
}
