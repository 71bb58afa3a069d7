/**
 * The server's main: its options, how its parts are put together, and what it leaves in its folder.
 */
@NullMarked
package io.keelson.server;

import org.jspecify.annotations.NullMarked;
