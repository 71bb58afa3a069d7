/** Plans for the restart of VMs when hosts fail. */
@NullMarked
package io.keelson.control.pool.ha;

import org.jspecify.annotations.NullMarked;
