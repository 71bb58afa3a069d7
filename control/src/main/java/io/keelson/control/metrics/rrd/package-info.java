/**
 * Round-robin archives: what was measured of one object, at four resolutions, in a fixed space.
 *
 * <p>Knows nothing of hosts or VMs; readings are put in, rows are taken out.
 */
@NullMarked
package io.keelson.control.metrics.rrd;

import org.jspecify.annotations.NullMarked;
