/** The networks of this machine: its interfaces, and what connects guests. */
@NullMarked
package io.keelson.host.network;

import org.jspecify.annotations.NullMarked;
