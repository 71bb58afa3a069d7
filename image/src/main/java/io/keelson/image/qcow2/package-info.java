/** Disks as qcow2 images, read and written without a program that would follow what they name. */
@NullMarked
package io.keelson.image.qcow2;

import org.jspecify.annotations.NullMarked;
