/** Tests of the journal's files. */
@NullMarked
package io.keelson.store.journal;

import org.jspecify.annotations.NullMarked;
