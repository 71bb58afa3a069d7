/**
 * The directory outside that users may be kept in: turning it on and off, who of it may log in, and
 * for how long.
 */
@NullMarked
package io.keelson.control.directory;

import org.jspecify.annotations.NullMarked;
