/** The launcher's manners: what it says and how it ends where no server is needed. */
@NullMarked
package io.keelson.testkit.launcher;

import org.jspecify.annotations.NullMarked;
