@NullMarked
package io.keelson.control.gpu;

import org.jspecify.annotations.NullMarked;
