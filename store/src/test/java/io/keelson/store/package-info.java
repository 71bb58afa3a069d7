/** Tests of the store: through real files and a real journal. */
@NullMarked
package io.keelson.store;

import org.jspecify.annotations.NullMarked;
