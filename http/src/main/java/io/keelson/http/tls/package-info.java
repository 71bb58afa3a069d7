/** The server's certificate: made at the first start, read at every other. */
@NullMarked
package io.keelson.http.tls;

import org.jspecify.annotations.NullMarked;
