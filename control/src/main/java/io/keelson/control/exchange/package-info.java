/**
 * Exporting and importing VMs: what is in the pool as an archive's objects, and an archive's
 * objects as new ones of the pool.
 */
@NullMarked
package io.keelson.control.exchange;

import org.jspecify.annotations.NullMarked;
