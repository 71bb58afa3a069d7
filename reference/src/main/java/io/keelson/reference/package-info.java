/** The API reference: pages made from the model and from calls that were really made. */
@NullMarked
package io.keelson.reference;

import org.jspecify.annotations.NullMarked;
