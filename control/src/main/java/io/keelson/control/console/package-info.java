/** The consoles of running VMs: where they are, and at which URL a client finds them. */
@NullMarked
package io.keelson.control.console;

import org.jspecify.annotations.NullMarked;
