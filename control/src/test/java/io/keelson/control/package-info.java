@NullMarked
package io.keelson.control;

import org.jspecify.annotations.NullMarked;
