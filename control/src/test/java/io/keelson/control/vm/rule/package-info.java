/** Tests. */
@NullMarked
package io.keelson.control.vm.rule;

import org.jspecify.annotations.NullMarked;
