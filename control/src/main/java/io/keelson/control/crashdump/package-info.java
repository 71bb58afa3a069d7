/** Crash dumps of hosts' kernels. */
@NullMarked
package io.keelson.control.crashdump;

import org.jspecify.annotations.NullMarked;
