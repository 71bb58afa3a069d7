/**
 * The bytes of volumes through QEMU's block layer: a qemu-nbd process for each that is open, and a
 * client of the NBD protocol.
 */
@NullMarked
package io.keelson.host.nbd;

import org.jspecify.annotations.NullMarked;
