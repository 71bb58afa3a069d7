/** The server beside a workload balancing server. */
@NullMarked
package io.keelson.testkit.wlb;

import org.jspecify.annotations.NullMarked;
