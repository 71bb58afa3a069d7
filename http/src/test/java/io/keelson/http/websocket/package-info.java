@NullMarked
package io.keelson.http.websocket;

import org.jspecify.annotations.NullMarked;
