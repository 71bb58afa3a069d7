/**
 * Protection policies: VMs that are snapshotted by a schedule, of whose snapshots the newest are
 * kept and copies are sent elsewhere.
 */
@NullMarked
package io.keelson.control.protection;

import org.jspecify.annotations.NullMarked;
