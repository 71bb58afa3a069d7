/**
 * Workload balancing: a server of its own that watches the pool, says where VMs had better run and
 * writes reports. It speaks SOAP over TLS.
 */
@NullMarked
package io.keelson.control.wlb;

import org.jspecify.annotations.NullMarked;
