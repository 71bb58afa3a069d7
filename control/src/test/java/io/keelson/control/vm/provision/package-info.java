/** Tests. */
@NullMarked
package io.keelson.control.vm.provision;

import org.jspecify.annotations.NullMarked;
