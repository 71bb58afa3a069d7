/**
 * The one way in. Whatever a client wants, over whatever path, is checked here: that the message
 * exists, its parameters, the session, the role; and only then handled.
 */
@NullMarked
package io.keelson.control.gate;

import org.jspecify.annotations.NullMarked;
