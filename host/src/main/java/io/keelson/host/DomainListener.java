package io.keelson.host;

import java.util.UUID;

/** Hears what domains do by themselves. Called on a thread of the driver's; must not block long. */
public interface DomainListener {

  /** What happened to a domain. */
  enum Change {
    /** The guest powered itself off; the domain is gone. */
    POWERED_OFF,
    /** The guest rebooted; the domain was held before its first instruction, or reset in place. */
    REBOOTED,
    /** The guest crashed (panic); the domain may still exist, stopped. */
    CRASHED,
    /** The domain's process died, whoever killed it; the domain is gone. */
    DIED
  }

  void changed(UUID host, UUID vm, Change change);
}
