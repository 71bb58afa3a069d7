/** The protocol between xe and the server that runs its commands. */
@NullMarked
package io.keelson.cli.thin;

import org.jspecify.annotations.NullMarked;
