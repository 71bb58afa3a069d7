/** Other pools, as clients of theirs see them. */
@NullMarked
package io.keelson.host.pool;

import org.jspecify.annotations.NullMarked;
