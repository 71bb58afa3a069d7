/** A client of XML-RPC and JSON-RPC that shares no code with the server it measures. */
@NullMarked
package io.keelson.conformance.rpc;

import org.jspecify.annotations.NullMarked;
