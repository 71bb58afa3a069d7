/** What a server must have, computed from the model. */
@NullMarked
package io.keelson.conformance.surface;

import org.jspecify.annotations.NullMarked;
