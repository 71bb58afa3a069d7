/** WebSocket (RFC 6455), for handlers whose bytes browsers want both ways. */
@NullMarked
package io.keelson.http.websocket;

import org.jspecify.annotations.NullMarked;
