/** What a host's toolstack keeps, as an archive, and put back from one. */
@NullMarked
package io.keelson.control.backup;

import org.jspecify.annotations.NullMarked;
