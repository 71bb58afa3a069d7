/** Values that change by themselves, read from the hosts and kept in memory only. */
@NullMarked
package io.keelson.control.metrics;

import org.jspecify.annotations.NullMarked;
