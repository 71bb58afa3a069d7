/** Disks that live in memory, and tests of what all formats share. */
@NullMarked
package io.keelson.image;

import org.jspecify.annotations.NullMarked;
