/** Snapshots of VMs: taking them, and putting a VM back into the state that one froze. */
@NullMarked
package io.keelson.control.vm.snapshot;

import org.jspecify.annotations.NullMarked;
