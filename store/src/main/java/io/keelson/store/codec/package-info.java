/** How changes and objects are written to bytes and read again, across versions of the model. */
@NullMarked
package io.keelson.store.codec;

import org.jspecify.annotations.NullMarked;
