/** The pool as a whole. */
@NullMarked
package io.keelson.control.pool;

import org.jspecify.annotations.NullMarked;
