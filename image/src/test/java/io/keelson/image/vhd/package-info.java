/** VHD, against itself and against QEMU. */
@NullMarked
package io.keelson.image.vhd;

import org.jspecify.annotations.NullMarked;
