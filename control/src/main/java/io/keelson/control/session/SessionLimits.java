package io.keelson.control.session;

import java.time.Duration;

/**
 * How many sessions there may be. The one idle for longest ends when there would be one more.
 *
 * @param perOriginator of one originator
 * @param perUser of one user of the directory
 * @param unnamed of the superuser without an originator
 * @param idle after which a session ends
 */
public record SessionLimits(int perOriginator, int perUser, int unnamed, Duration idle) {
  public static final SessionLimits USUAL = new SessionLimits(500, 500, 400, Duration.ofHours(24));
}
