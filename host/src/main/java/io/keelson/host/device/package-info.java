/** The PCI devices of this machine: what they are, and the handing of them to machines. */
@NullMarked
package io.keelson.host.device;

import org.jspecify.annotations.NullMarked;
