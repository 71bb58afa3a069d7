/** Calls of the API, and what can be wrong with a command. */
@NullMarked
package io.keelson.cli.call;

import org.jspecify.annotations.NullMarked;
