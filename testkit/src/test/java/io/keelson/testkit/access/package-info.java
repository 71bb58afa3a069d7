/** Who gets in, and what is kept about what they did. */
@NullMarked
package io.keelson.testkit.access;

import org.jspecify.annotations.NullMarked;
