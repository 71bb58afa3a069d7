/** The path {@code /console}: bytes between a client and the console of a VM. */
@NullMarked
package io.keelson.server.console;

import org.jspecify.annotations.NullMarked;
