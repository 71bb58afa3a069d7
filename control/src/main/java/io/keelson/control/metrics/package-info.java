/**
 * What hosts, VMs and repositories do: measured every few seconds, shown in the metrics objects,
 * and recorded over time.
 */
@NullMarked
package io.keelson.control.metrics;

import org.jspecify.annotations.NullMarked;
