/** What a page is made of, whatever it is written as. */
@NullMarked
package io.keelson.reference.document;

import org.jspecify.annotations.NullMarked;
