/** Memory and processors of VMs: what they cost, their limits, and changing them. */
@NullMarked
package io.keelson.control.vm.memory;

import org.jspecify.annotations.NullMarked;
