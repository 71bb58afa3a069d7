@NullMarked
package io.keelson.host.network;

import org.jspecify.annotations.NullMarked;
