/** Events: how clients learn what changed without asking again and again. */
@NullMarked
package io.keelson.control.event;

import org.jspecify.annotations.NullMarked;
