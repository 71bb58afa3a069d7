/** The tour of the documentation, taken. */
@NullMarked
package io.keelson.testkit.tour;

import org.jspecify.annotations.NullMarked;
