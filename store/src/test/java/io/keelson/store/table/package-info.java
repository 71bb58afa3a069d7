/** States looked through as a whole. */
@NullMarked
package io.keelson.store.table;

import org.jspecify.annotations.NullMarked;
