/** The objects of a new pool, over a real journal. */
@NullMarked
package io.keelson.server.firstboot;

import org.jspecify.annotations.NullMarked;
