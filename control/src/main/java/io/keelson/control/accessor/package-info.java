/**
 * The messages that follow from the fields of a class: reading and setting them, finding objects,
 * whole records. Made once at the start from the classes themselves.
 */
@NullMarked
package io.keelson.control.accessor;

import org.jspecify.annotations.NullMarked;
