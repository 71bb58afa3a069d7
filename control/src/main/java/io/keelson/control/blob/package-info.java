/** Blobs: small files that clients keep with the pool or with one of its objects. */
@NullMarked
package io.keelson.control.blob;

import org.jspecify.annotations.NullMarked;
