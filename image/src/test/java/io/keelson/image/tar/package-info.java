/** Archives, against the tar that everybody has. */
@NullMarked
package io.keelson.image.tar;

import org.jspecify.annotations.NullMarked;
