/** Tests. */
@NullMarked
package io.keelson.control.vm.power;

import org.jspecify.annotations.NullMarked;
