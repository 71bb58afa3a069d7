/** Which operation a VM, template or snapshot permits, in which state: one table and its checks. */
@NullMarked
package io.keelson.control.vm.rule;

import org.jspecify.annotations.NullMarked;
