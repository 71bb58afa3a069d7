/** Appliances: VMs that are started, stopped and recovered together. */
@NullMarked
package io.keelson.control.appliance;

import org.jspecify.annotations.NullMarked;
