/** VM.call_plugin and host.call_plugin. */
@NullMarked
package io.keelson.control.plugin;

import org.jspecify.annotations.NullMarked;
