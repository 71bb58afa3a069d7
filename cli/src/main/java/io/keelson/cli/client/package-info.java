/**
 * xe itself: a thin program that says to a server what its user has typed, and does at the terminal
 * what the server asks for. It uses the JDK and the thin protocol alone, so that it starts quickly.
 */
@NullMarked
package io.keelson.cli.client;

import org.jspecify.annotations.NullMarked;
