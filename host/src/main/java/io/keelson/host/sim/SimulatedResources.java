package io.keelson.host.sim;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;

/** How much memory and how many processors a simulated machine has, as a real one takes changes. */
final class SimulatedResources {
  private SimulatedResources() {}

  static SimulatedDomain memoryTarget(SimulatedDomain domain, long bytes) {
    if (bytes < 1 || bytes > domain.spec().memoryMaxBytes()) {
      throw new DriverException(Reason.INVALID, "a memory target out of the machine's range");
    }
    return domain.usable().changed(c -> c.memoryTargetBytes(bytes));
  }

  static SimulatedDomain processors(SimulatedDomain domain, int count) {
    if (count > domain.spec().processorsMax()) {
      throw new DriverException(Reason.INVALID, "more processors than the machine has room");
    }
    if (count < domain.spec().processors()) {
      throw new DriverException(
          Reason.UNSUPPORTED, "processors cannot be taken from a running guest");
    }
    return domain.usable().changed(c -> c.processors(count));
  }
}
