package io.keelson.wire;

/**
 * What a request may have at most; a request beyond is refused before it costs memory.
 *
 * @param depth of arrays and structures inside each other
 * @param values in the whole request, members and items of every depth counted
 * @param textLength of one string, in UTF-16 units
 * @param batch calls in one JSON-RPC batch
 */
public record WireLimits(int depth, int values, int textLength, int batch) {
  /** Far more than any known client sends. */
  public static final WireLimits DEFAULT = new WireLimits(64, 100_000, 4 << 20, 1_000);

  /**
   * Digits of one number. Longer ones are refused, since reading them costs more than linear time.
   */
  static final int NUMBER_LENGTH = 1_000;

  public WireLimits {
    if (depth < 1 || values < 1 || textLength < 1 || batch < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}
