/** The real server as a child process, for tests to drive from outside. */
@NullMarked
package io.keelson.testkit.box;

import org.jspecify.annotations.NullMarked;
