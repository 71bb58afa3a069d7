/** The journal on disk: Apache Ratis with one voter, and the checks around its files. */
@NullMarked
package io.keelson.store.journal;

import org.jspecify.annotations.NullMarked;
