/** The conformance suite: measures any XenAPI server against the model, over the wire alone. */
@NullMarked
package io.keelson.conformance;

import org.jspecify.annotations.NullMarked;
