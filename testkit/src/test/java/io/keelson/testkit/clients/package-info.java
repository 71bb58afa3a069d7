/** Clients of other projects against a real server. */
@NullMarked
package io.keelson.testkit.clients;

import org.jspecify.annotations.NullMarked;
