@NullMarked
package io.keelson.conformance.fuzz.make;

import org.jspecify.annotations.NullMarked;
