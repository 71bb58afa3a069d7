/** The qcow2 code against qemu-img. */
@NullMarked
package io.keelson.image.qcow2;

import org.jspecify.annotations.NullMarked;
