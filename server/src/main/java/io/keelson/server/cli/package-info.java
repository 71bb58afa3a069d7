/** The commands of xe, over HTTP. */
@NullMarked
package io.keelson.server.cli;

import org.jspecify.annotations.NullMarked;
