/** Whether what the objects say of the pool fits together. */
@NullMarked
package io.keelson.control.check;

import org.jspecify.annotations.NullMarked;
