/** Archives: their arithmetic, held against another implementation's, and their files. */
@NullMarked
package io.keelson.control.metrics.rrd;

import org.jspecify.annotations.NullMarked;
