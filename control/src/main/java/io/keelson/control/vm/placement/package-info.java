/** Which hosts can run a VM, and which of them it starts on. */
@NullMarked
package io.keelson.control.vm.placement;

import org.jspecify.annotations.NullMarked;
