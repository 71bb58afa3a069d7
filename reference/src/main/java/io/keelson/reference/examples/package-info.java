/** Recorded calls, made readable. */
@NullMarked
package io.keelson.reference.examples;

import org.jspecify.annotations.NullMarked;
