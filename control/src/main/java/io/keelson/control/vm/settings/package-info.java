/** Settings of VMs that need no work on a host, and questions about VMs. */
@NullMarked
package io.keelson.control.vm.settings;

import org.jspecify.annotations.NullMarked;
