@NullMarked
package io.keelson.control.task;

import org.jspecify.annotations.NullMarked;
