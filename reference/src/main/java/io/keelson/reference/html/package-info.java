/** Pages as HTML. */
@NullMarked
package io.keelson.reference.html;

import org.jspecify.annotations.NullMarked;
