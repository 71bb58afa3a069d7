/** Kills the server at random moments and compares what it kept with what it acknowledged. */
@NullMarked
package io.keelson.testkit.durability;

import org.jspecify.annotations.NullMarked;
