/** Starting, stopping, pausing, suspending and rebooting VMs. */
@NullMarked
package io.keelson.control.vm.power;

import org.jspecify.annotations.NullMarked;
