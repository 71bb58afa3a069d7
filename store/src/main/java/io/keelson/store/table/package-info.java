/** The objects in memory: immutable tables with their indexes, and the editor that changes them. */
@NullMarked
package io.keelson.store.table;

import org.jspecify.annotations.NullMarked;
