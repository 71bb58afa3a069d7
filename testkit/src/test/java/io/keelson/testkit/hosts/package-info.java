/** Hosts as a whole: their power, and what is on them. */
@NullMarked
package io.keelson.testkit.hosts;

import org.jspecify.annotations.NullMarked;
