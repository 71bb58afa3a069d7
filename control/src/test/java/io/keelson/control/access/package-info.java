@NullMarked
package io.keelson.control.access;

import org.jspecify.annotations.NullMarked;
