/** Tasks: the objects by which long calls are watched, cancelled and found again. */
@NullMarked
package io.keelson.control.task;

import org.jspecify.annotations.NullMarked;
