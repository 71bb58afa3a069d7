/** The facts of the machine that a host is, read from its kernel. */
@NullMarked
package io.keelson.host.machine;

import org.jspecify.annotations.NullMarked;
