package io.keelson.host.qemu;

import io.keelson.host.DriverException;

/** Stops a domain's processors and lets them run. Its lock is held. */
final class Processors {
  private Processors() {}

  static void pause(LiveDomain domain) {
    domain.requireStaying();
    domain.require(LiveDomain.Run.RUNNING);
    domain.execute("stop");
    domain.run(LiveDomain.Run.PAUSED);
  }

  static void unpause(LiveDomain domain) {
    domain.requireStaying();
    domain.require(LiveDomain.Run.PAUSED);
    letRun(domain);
  }

  /** The state comes first, since the guest may reboot or crash before the reply is here. */
  static void letRun(LiveDomain domain) {
    domain.run(LiveDomain.Run.RUNNING);
    try {
      domain.execute("cont");
    } catch (DriverException e) {
      domain.run(LiveDomain.Run.PAUSED);
      throw e;
    }
  }
}
