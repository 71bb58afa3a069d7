@NullMarked
package io.keelson.host.device;

import org.jspecify.annotations.NullMarked;
