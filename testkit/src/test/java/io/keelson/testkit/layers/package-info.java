/** What may use what, and how the sources look. */
@NullMarked
package io.keelson.testkit.layers;

import org.jspecify.annotations.NullMarked;
