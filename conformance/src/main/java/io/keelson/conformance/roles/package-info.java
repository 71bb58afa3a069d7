/** Who may call what, with a session of each role. */
@NullMarked
package io.keelson.conformance.roles;

import org.jspecify.annotations.NullMarked;
