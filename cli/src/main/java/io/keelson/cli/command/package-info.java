/** What a command is, and what commands of all families have in common. */
@NullMarked
package io.keelson.cli.command;

import org.jspecify.annotations.NullMarked;
