@NullMarked
package io.keelson.control.event;

import org.jspecify.annotations.NullMarked;
