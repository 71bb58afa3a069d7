@NullMarked
package io.keelson.control.accessor;

import org.jspecify.annotations.NullMarked;
