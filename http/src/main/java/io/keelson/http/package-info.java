/**
 * The edge: sockets, TLS, HTTP/1.0 and 1.1. It turns bytes into calls and replies into bytes, and
 * bounds what a client can cost. What a call means is behind {@link io.keelson.http.RpcEndpoint};
 * who may use a path is behind {@link io.keelson.http.Authenticator}.
 *
 * <p>Sockets are served by a few event loops that never block; whatever may block (a call, a
 * handler) runs on a virtual thread of its own, one at a time for each connection.
 */
@NullMarked
package io.keelson.http;

import org.jspecify.annotations.NullMarked;
