package io.keelson.host.sim;

import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What goes wrong with a simulated machine because its platform says so: {@code sim-CALL}, where
 * CALL is a call of {@link io.keelson.host.Compute}, is the reason that this call fails for, such
 * as {@code FAILED} or {@code GUEST_SILENT}; {@code SLOW}, so that others see it under way; {@code
 * STUCK}, which leaves the machine neither as it was nor as it should be; or {@code FICKLE}, which
 * fails every other time for {@code GUEST_SILENT}. So clients that are tested against simulated
 * hosts can see what real ones seldom show.
 */
enum Faults {
  NONE,
  SLOW,
  STUCK,
  FICKLE;

  private static final String KEY = "sim-";
  private static final Duration LONG = Duration.ofSeconds(10);

  /**
   * Takes a call's time.
   *
   * @throws DriverException that the machine's platform asks for
   */
  static Faults pass(DomainSpec spec, String call) {
    String wanted = spec.platform().getOrDefault(KEY + call, NONE.name());
    Optional<Reason> reason =
        Stream.of(Reason.values()).filter(r -> r.name().equals(wanted)).findFirst();
    if (reason.isPresent()) {
      throw new DriverException(
          reason.orElseThrow(), "the simulated " + call + " fails, as the machine's platform says");
    }
    Faults fault =
        Stream.of(values()).filter(f -> f.name().equals(wanted)).findFirst().orElse(NONE);
    if (fault == SLOW) {
      LockSupport.parkNanos(LONG.toNanos());
    }
    return fault;
  }
}
