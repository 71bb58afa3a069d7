package io.keelson.control.pool.ha;

import io.keelson.api.ApiErrors;
import java.time.Duration;
import java.util.Map;

/**
 * How HA works, as pool.ha_configuration says.
 *
 * @param timeout for how long a host may be silent before it is taken for dead
 */
record HaSettings(Duration timeout) {
  private static final String TIMEOUT = "timeout";
  private static final long USUAL = 30;
  private static final long LEAST = 5;
  private static final long MOST = 3600;

  /**
   * @throws io.keelson.api.ApiError INVALID_VALUE for a timeout that is not between 5 and 3600 s
   */
  static HaSettings of(Map<String, String> configuration) {
    String text = configuration.getOrDefault(TIMEOUT, Long.toString(USUAL));
    long seconds;
    try {
      seconds = Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw ApiErrors.invalidValue(TIMEOUT, text);
    }
    if (seconds < LEAST || seconds > MOST) {
      throw ApiErrors.invalidValue(TIMEOUT, text);
    }
    return new HaSettings(Duration.ofSeconds(seconds));
  }
}
