package io.keelson.control.metrics.rrd;

/**
 * A quantity that is measured again and again.
 *
 * @param name within its object
 * @param description for people
 * @param units of its values, after rates are made of counters
 * @param kind how values are made of what is read
 * @param min below which a value cannot be right
 * @param max above which a value cannot be right
 * @param standard whether it is recorded unless somebody said otherwise
 */
public record DataSource(
    String name,
    String description,
    String units,
    Kind kind,
    double min,
    double max,
    boolean standard) {

  /** How values are made of what is read. */
  public enum Kind {
    /** The reading is the value. */
    GAUGE,
    /** A counter that only rises: its rise a second is the value. */
    DERIVE
  }

  /** Whether a value can be right. */
  boolean plausible(double value) {
    return value >= min && value <= max;
  }
}
