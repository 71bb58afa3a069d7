/** Disks as streams of their own bytes: whole, or in frames that say where they belong. */
@NullMarked
package io.keelson.image.raw;

import org.jspecify.annotations.NullMarked;
