@NullMarked
package io.keelson.wire;

import org.jspecify.annotations.NullMarked;
