/** Consoles of VMs: {@code /console} carries bytes, {@code /vncsnapshot} shows the screen. */
@NullMarked
package io.keelson.server.console;

import org.jspecify.annotations.NullMarked;
