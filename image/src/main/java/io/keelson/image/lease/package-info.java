/** The disk on which hosts tell that they live. */
@NullMarked
package io.keelson.image.lease;

import org.jspecify.annotations.NullMarked;
