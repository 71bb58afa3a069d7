/** Running the programs of patches. */
@NullMarked
package io.keelson.host.patch;

import org.jspecify.annotations.NullMarked;
