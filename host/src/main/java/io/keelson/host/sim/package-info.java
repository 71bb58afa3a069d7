/**
 * Hosts that exist only in this process: the drivers' interfaces over maps, for thousands of
 * virtual machines. {@link io.keelson.host.sim.Simulation} is the entry.
 */
@NullMarked
package io.keelson.host.sim;

import org.jspecify.annotations.NullMarked;
