/** Texts of numbers, names and labels. */
@NullMarked
package io.keelson.server.metrics;

import org.jspecify.annotations.NullMarked;
