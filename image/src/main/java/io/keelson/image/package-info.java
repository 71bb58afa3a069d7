/** Formats in which disks and virtual machines travel; they know no hosts and no objects. */
@NullMarked
package io.keelson.image;

import org.jspecify.annotations.NullMarked;
