/** XML-RPC and JSON-RPC as a client speaks them, with nothing of the server's own codecs. */
@NullMarked
package io.keelson.testkit.wire;

import org.jspecify.annotations.NullMarked;
