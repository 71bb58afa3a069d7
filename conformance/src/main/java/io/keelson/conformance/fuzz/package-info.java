/** The fuzz suite: requests of all kinds, right and wrong, that a server must answer in order. */
@NullMarked
package io.keelson.conformance.fuzz;

import org.jspecify.annotations.NullMarked;
