package io.keelson.control.metrics.rrd;

/** How the values of a row's time become one. */
public enum Consolidation {
  AVERAGE,
  MIN,
  MAX
}
