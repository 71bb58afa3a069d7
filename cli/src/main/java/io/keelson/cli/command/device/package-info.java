/** Commands of xe for what a machine has: drives, cards, graphics. */
@NullMarked
package io.keelson.cli.command.device;

import org.jspecify.annotations.NullMarked;
