/** Snapshots: what they freeze, and what a VM gets back. */
@NullMarked
package io.keelson.control.vm.snapshot;

import org.jspecify.annotations.NullMarked;
