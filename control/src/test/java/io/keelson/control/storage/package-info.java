/** Storage over a real journal, with simulated and with real drivers. */
@NullMarked
package io.keelson.control.storage;

import org.jspecify.annotations.NullMarked;
