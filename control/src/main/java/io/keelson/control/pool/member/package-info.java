/** Which hosts are in the pool, and which of them has which role. */
@NullMarked
package io.keelson.control.pool.member;

import org.jspecify.annotations.NullMarked;
