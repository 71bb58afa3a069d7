/** Contradictions made on purpose, and found. */
@NullMarked
package io.keelson.control.check;

import org.jspecify.annotations.NullMarked;
