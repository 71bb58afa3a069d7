@NullMarked
package io.keelson.testkit.gpu;

import org.jspecify.annotations.NullMarked;
