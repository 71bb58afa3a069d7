package io.keelson.host;

import java.util.UUID;

/**
 * A domain that exists on a host.
 *
 * @param vm the virtual machine it runs
 * @param domid a number for this run, at least 1, unique on the host while it lives
 * @param state how it stands
 * @param consoles where its consoles can be reached on the host
 */
public record Domain(UUID vm, long domid, State state, Consoles consoles) {
  /** Whether its virtual processors run. */
  public enum State {
    /** They run. */
    RUNNING,
    /** They do not: paused, or held after the guest rebooted or crashed. */
    PAUSED
  }
}
