package io.keelson.host;

import java.util.UUID;

/**
 * Hears what domains do by themselves. Called on a thread of the driver's; must not block long.
 *
 * <p>What a caller asked for is not told here: {@link Compute#destroy} and {@link Compute#suspend}
 * end a domain silently. What happened while no driver was attached is told during {@link
 * Compute#adopt}, so a listener must be ready before it.
 */
public interface DomainListener {

  /** What happened to a domain. */
  enum Change {
    /** The guest powered itself off; the domain is gone. */
    POWERED_OFF,
    /**
     * The guest rebooted, by itself or after {@link Compute#requestReboot}. The domain is held
     * before its first instruction, as {@link Domain.State#PAUSED}, and waits for a decision:
     * {@link Compute#reset} goes on with the same machine, {@link Compute#destroy} ends it, and
     * destroy followed by {@link Compute#start} goes on with a changed one. {@link Compute#unpause}
     * is refused. While no driver is attached (after {@link Compute#close}) guests reboot in place,
     * and nobody is told.
     */
    REBOOTED,
    /**
     * The guest crashed (it told its panic device). The domain is held as it was at that moment, as
     * {@link Domain.State#PAUSED}, until {@link Compute#reset} or {@link Compute#destroy}.
     */
    CRASHED,
    /** The domain's process died, whoever killed it; the domain is gone. */
    DIED
  }

  void changed(UUID host, UUID vm, Change change);
}
