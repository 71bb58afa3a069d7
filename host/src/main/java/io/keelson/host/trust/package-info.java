/** Certificates and revocation lists that administrators install. */
@NullMarked
package io.keelson.host.trust;

import org.jspecify.annotations.NullMarked;
