/** Tests of how objects and changes are written and read. */
@NullMarked
package io.keelson.store.codec;

import org.jspecify.annotations.NullMarked;
