/** Making VMs, from nothing, from another or from a template, and destroying them. */
@NullMarked
package io.keelson.control.vm.provision;

import org.jspecify.annotations.NullMarked;
