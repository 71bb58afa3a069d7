/** Makes requests from a seed and a number, with nothing else to go by. */
@NullMarked
package io.keelson.conformance.fuzz.make;

import org.jspecify.annotations.NullMarked;
