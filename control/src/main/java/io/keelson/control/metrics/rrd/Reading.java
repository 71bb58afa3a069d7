package io.keelson.control.metrics.rrd;

/**
 * What was read of a data source at one moment.
 *
 * @param raw as it was read: for a counter, where it stands
 * @param value made of it; NaN when none can be, as of a counter seen for the first time
 */
public record Reading(DataSource source, double raw, double value) {}
