/** Programs of the administrator's that callers of the API may run. */
@NullMarked
package io.keelson.host.plugin;

import org.jspecify.annotations.NullMarked;
