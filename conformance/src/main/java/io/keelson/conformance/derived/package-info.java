/** Checks that follow from the model alone. */
@NullMarked
package io.keelson.conformance.derived;

import org.jspecify.annotations.NullMarked;
