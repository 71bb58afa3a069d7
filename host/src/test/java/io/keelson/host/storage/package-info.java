@NullMarked
package io.keelson.host.storage;

import org.jspecify.annotations.NullMarked;
