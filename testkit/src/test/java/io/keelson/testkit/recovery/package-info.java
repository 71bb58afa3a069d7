/** What a pool loses, and another brings back. */
@NullMarked
package io.keelson.testkit.recovery;

import org.jspecify.annotations.NullMarked;
