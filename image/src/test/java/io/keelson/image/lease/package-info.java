@NullMarked
package io.keelson.image.lease;

import org.jspecify.annotations.NullMarked;
