/** Virtual machines: what they are made of, their power, and where they run. */
@NullMarked
package io.keelson.control.vm;

import org.jspecify.annotations.NullMarked;
