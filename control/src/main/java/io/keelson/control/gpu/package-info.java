/**
 * The devices of hosts that VMs can have: graphics processors, whole or in part, and others that a
 * VM's other_config names.
 */
@NullMarked
package io.keelson.control.gpu;

import org.jspecify.annotations.NullMarked;
