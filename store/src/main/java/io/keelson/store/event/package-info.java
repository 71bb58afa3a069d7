/** What changed since when, and who waits for it. */
@NullMarked
package io.keelson.store.event;

import org.jspecify.annotations.NullMarked;
