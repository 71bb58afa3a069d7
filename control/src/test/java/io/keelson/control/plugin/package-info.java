@NullMarked
package io.keelson.control.plugin;

import org.jspecify.annotations.NullMarked;
