/** The commands, as the server runs them. */
@NullMarked
package io.keelson.cli.command;

import org.jspecify.annotations.NullMarked;
