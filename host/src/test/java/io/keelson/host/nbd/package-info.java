/** The NBD client against real qemu-nbd processes. */
@NullMarked
package io.keelson.host.nbd;

import org.jspecify.annotations.NullMarked;
