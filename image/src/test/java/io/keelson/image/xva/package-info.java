/** XVA, whole and damaged. */
@NullMarked
package io.keelson.image.xva;

import org.jspecify.annotations.NullMarked;
