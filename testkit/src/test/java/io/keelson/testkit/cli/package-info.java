/** The commands of xe, through the real client and a real server. */
@NullMarked
package io.keelson.testkit.cli;

import org.jspecify.annotations.NullMarked;
