/** Commands of xe for the pool, who may use it, and what it has to say. */
@NullMarked
package io.keelson.cli.command.pool;

import org.jspecify.annotations.NullMarked;
