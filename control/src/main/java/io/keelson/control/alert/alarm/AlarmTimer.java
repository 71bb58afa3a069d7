package io.keelson.control.alert.alarm;

import java.time.Instant;
import java.util.Optional;

/**
 * For how long a value has been bad.
 *
 * @param badSince empty while it is good
 * @param quietUntil before when nothing is said
 */
record AlarmTimer(Optional<Instant> badSince, Instant quietUntil) {
  static final AlarmTimer FRESH = new AlarmTimer(Optional.empty(), Instant.MIN);

  /**
   * What a value leads to.
   *
   * @param due whether an alarm is to be raised
   */
  record Next(AlarmTimer timer, boolean due) {}

  Next after(Variable variable, double value, Instant now) {
    if (!variable.isBad(value)) {
      return new Next(new AlarmTimer(Optional.empty(), quietUntil), false);
    }
    Instant since = badSince.orElse(now);
    boolean due = !now.isBefore(since.plus(variable.period())) && !now.isBefore(quietUntil);
    return due
        ? new Next(new AlarmTimer(Optional.of(now), now.plus(variable.quiet())), true)
        : new Next(new AlarmTimer(Optional.of(since), quietUntil), false);
  }
}
