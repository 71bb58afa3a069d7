@NullMarked
package io.keelson.control.gate;

import org.jspecify.annotations.NullMarked;
