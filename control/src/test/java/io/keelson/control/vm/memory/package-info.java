/** Tests. */
@NullMarked
package io.keelson.control.vm.memory;

import org.jspecify.annotations.NullMarked;
