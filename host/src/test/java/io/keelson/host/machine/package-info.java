@NullMarked
package io.keelson.host.machine;

import org.jspecify.annotations.NullMarked;
