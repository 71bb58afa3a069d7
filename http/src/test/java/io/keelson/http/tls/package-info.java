@NullMarked
package io.keelson.http.tls;

import org.jspecify.annotations.NullMarked;
