/** From the words that a user typed to the command that they name. */
@NullMarked
package io.keelson.cli.dispatch;

import org.jspecify.annotations.NullMarked;
