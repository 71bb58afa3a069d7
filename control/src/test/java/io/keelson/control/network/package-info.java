/** Networks over a real journal, with simulated hosts. */
@NullMarked
package io.keelson.control.network;

import org.jspecify.annotations.NullMarked;
