/**
 * One workload for control planes of virtual machines, measured from outside, over their own wires.
 */
@NullMarked
package io.keelson.bench;

import org.jspecify.annotations.NullMarked;
