/** The reference is whole, and its examples are true. */
@NullMarked
package io.keelson.reference;

import org.jspecify.annotations.NullMarked;
