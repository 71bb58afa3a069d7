/** Virtual TPMs of VMs: their records, and what they remember. */
@NullMarked
package io.keelson.control.vm.tpm;

import org.jspecify.annotations.NullMarked;
