/** Sends requests byte by byte, and judges what comes back. */
@NullMarked
package io.keelson.conformance.fuzz.wire;

import org.jspecify.annotations.NullMarked;
