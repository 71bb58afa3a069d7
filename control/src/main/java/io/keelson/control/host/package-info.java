/** Hosts: whether they take VMs, what they have free, what their clocks say. */
@NullMarked
package io.keelson.control.host;

import org.jspecify.annotations.NullMarked;
