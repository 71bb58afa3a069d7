/**
 * The two languages that clients speak, XML-RPC and JSON-RPC: requests are read from bytes into
 * {@link io.keelson.api.Value}s, replies are written to bytes. Nothing here knows of sockets,
 * sessions or messages.
 *
 * <p>Every input is bounded by {@link WireLimits}; what cannot be read is a {@link WireException}
 * that says of which kind it is.
 */
@NullMarked
package io.keelson.wire;

import org.jspecify.annotations.NullMarked;
